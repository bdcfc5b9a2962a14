using System.Collections.Concurrent;
using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>
/// VectorFS as a folder: answers the kernel's requests with calls of VectorFS. It keeps nothing that is not written within a second
/// of asking, but for the content of files while they are open.
/// </summary>
/// <param name="files">VectorFS.</param>
/// <param name="user">Whose all in the folder looks to be.</param>
/// <param name="group">The same for the group.</param>
/// <param name="time">The time of what is not saved yet.</param>
/// <param name="report">Is told in a sentence why a file could not be saved, since the program that wrote it only gets a number.</param>
/// <param name="point">The folder that it is mounted on: absolute symbolic links below it are VectorFS's. Empty for none.</param>
internal sealed partial class VectorFolder(IVectorFsGrain files, uint user, uint group, TimeProvider time, Action<string> report, string point = "")
{
    /// <summary>The folder whose folders are questions.</summary>
    public const string SearchName = ".search";

    private const uint DirectoryMode = FuseAttributes.Directory | 0b111_101_101;
    private const uint SearchMode = FuseAttributes.Directory | 0b101_101_101;
    private const uint FileMode = FuseAttributes.RegularFile | 0b110_100_100;
    private const uint SharedFileMode = FuseAttributes.RegularFile | 0b110_110_110;
    private const uint LinkMode = FuseAttributes.SymbolicLink | 0b111_111_111;

    private readonly VfsTree _tree = new();
    private readonly ConcurrentDictionary<ulong, FileHandle> _opened = [];
    private readonly ConcurrentDictionary<ulong, DirectoryHandle> _listed = [];
    private readonly DateTimeOffset _mounted = time.GetUtcNow();
    private ulong _lastHandle;

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Says that nobody waits for the answer any more; what changes something is done nevertheless.</param>
    /// <returns>The reply; null for a request that has none.</returns>
    /// <exception cref="ErrnoException">It cannot be done.</exception>
    /// <exception cref="LlmosException">VectorFS refused it.</exception>
    public async ValueTask<FuseReply?> AnswerAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        switch (request.Opcode)
        {
            case FuseOpcode.Forget or FuseOpcode.BatchForget:
                Forget(request);
                return null;
            case FuseOpcode.Lookup:
                return await LookUpAsync(request, cancellationToken);
            case FuseOpcode.GetAttributes:
                return Attributes(await AttributesAsync(_tree.Get(request.NodeId), cancellationToken));
            case FuseOpcode.SetAttributes:
                return await SetAttributesAsync(request, cancellationToken);
            case FuseOpcode.ReadLink:
                return await ReadLinkAsync(request, cancellationToken);
            case FuseOpcode.MakeNode:
                return await MakeNodeAsync(request);
            case FuseOpcode.MakeDirectory:
                return await MakeDirectoryAsync(request);
            case FuseOpcode.Link:
                return await LinkAsync(request);
            case FuseOpcode.SymbolicLink:
                return await LinkSymbolicallyAsync(request);
            case FuseOpcode.Unlink:
                return await UnlinkAsync(request);
            case FuseOpcode.RemoveDirectory:
                return await RemoveDirectoryAsync(request);
            case FuseOpcode.Rename or FuseOpcode.Rename2:
                return await RenameAsync(request);
            case FuseOpcode.Create:
                return await CreateAsync(request, cancellationToken);
            case FuseOpcode.Open:
                return await OpenAsync(request, cancellationToken);
            case FuseOpcode.Read:
                return await ReadAsync(request, cancellationToken);
            case FuseOpcode.Write:
                return await WriteAsync(request, cancellationToken);
            case FuseOpcode.Flush or FuseOpcode.Sync:
                return await FlushAsync(request);
            case FuseOpcode.Release:
                return await ReleaseAsync(request);
            case FuseOpcode.OpenDirectory:
                return OpenDirectory(request);
            case FuseOpcode.ReadDirectory:
                return await ReadDirectoryAsync(request, cancellationToken);
            case FuseOpcode.ReleaseDirectory:
                return ReleaseDirectory(request);
            case FuseOpcode.SyncDirectory:
                return new FuseReply();
            case FuseOpcode.GetExtendedAttribute:
                return await GetExtendedAsync(request, cancellationToken);
            case FuseOpcode.ListExtendedAttributes:
                return await ListExtendedAsync(request, cancellationToken);
            case FuseOpcode.SetExtendedAttribute:
                return await SetExtendedAsync(request);
            case FuseOpcode.RemoveExtendedAttribute:
                return RemoveExtended(request);
            case FuseOpcode.FileSystemStatus:
                return Status();
            case FuseOpcode.Access:
                return Access(request);
            case FuseOpcode.Allocate:
                return FuseReply.Of(Errno.EOPNOTSUPP);
            case FuseOpcode.Ioctl:
                return FuseReply.Of(Errno.ENOTTY);
            default:
                return FuseReply.Of(Errno.ENOSYS);
        }
    }

    private FuseReply Attributes(in FuseAttributes attributes) => new FuseReply().Attributes(attributes, user, group);

    /// <summary>A reply that tells the kernel a node's number, which counts only if it arrives.</summary>
    private FuseReply Entry(VfsNode node, in FuseAttributes attributes, Action? undelivered = null, ulong outdated = 0) => new FuseReply
    {
        Outdated = outdated,
        Undelivered = () =>
        {
            undelivered?.Invoke();
            _tree.Forget(node.Id, 1);
        },
    }.Entry(attributes, user, group);

    private string PathOf(VfsNode node) => _tree.PathOf(node) ?? throw new ErrnoException(Errno.ENOENT);

    /// <summary>The path of a name in a directory of VectorFS.</summary>
    /// <exception cref="ErrnoException">It is too long.</exception>
    private string PathOf(VfsNode directory, string name)
    {
        if (directory.Kind is VfsNodeKind.File or VfsNodeKind.SymbolicLink)
        {
            throw new ErrnoException(Errno.ENOTDIR);
        }

        var path = PathOf(directory);
        path = path == VfsPath.Root ? path + name : $"{path}/{name}";
        return Encoding.UTF8.GetByteCount(path) <= VfsPath.MaxLength ? path : throw new ErrnoException(Errno.ENAMETOOLONG);
    }

    /// <summary>The same for a name that is to be made or taken away.</summary>
    /// <exception cref="ErrnoException">It is in, or is, one of the folders of searches, or in a directory that shows the system.</exception>
    /// <exception cref="LlmosException">The name has characters that no name has.</exception>
    private string ChangedPathOf(VfsNode directory, string name) => directory.IsStored && !IsSearchRoot(directory, name) && VfsPath.Normalize(PathOf(directory, name)) is var path && !SystemViews.Has(path)
        ? path
        : throw new ErrnoException(Errno.EROFS);

    /// <exception cref="ErrnoException">It is in a directory that shows the system.</exception>
    private void EnsureIsNoView(VfsNode node)
    {
        if (_tree.PathOf(node) is { } path && SystemViews.Has(path))
        {
            throw new ErrnoException(Errno.EROFS);
        }
    }

    private bool IsSearchRoot(VfsNode directory, string name) => directory == _tree.Root && name == SearchName;

    private static VfsNodeKind KindOf(FileNode file) => file.Kind switch
    {
        NodeKind.Directory => VfsNodeKind.Directory,
        NodeKind.File => VfsNodeKind.File,
        _ => VfsNodeKind.SymbolicLink,
    };

    private static uint ModeOf(FileNode file) =>
        file.Kind == NodeKind.Directory ? DirectoryMode
        : file.Kind == NodeKind.SymbolicLink ? LinkMode
        : file.IsShared ? SharedFileMode
        : FileMode;
}
