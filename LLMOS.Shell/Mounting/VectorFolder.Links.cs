using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>Further names of files, and symbolic links. The kernel follows links itself, in the folder as it is mounted.</summary>
internal sealed partial class VectorFolder
{
    /// <summary>Tells the numbers of files with several names from those that the kernel is told.</summary>
    private const ulong SharedInode = 1UL << 62;

    private async Task<FuseReply> ReadLinkAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var link = _tree.Get(request.NodeId);
        if (link.Kind is not (VfsNodeKind.SearchHit or VfsNodeKind.SymbolicLink))
        {
            throw new ErrnoException(Errno.EINVAL);
        }

        // It may have been moved, and what is absolute in VectorFS is said relative to where it is.
        if (link.Kind == VfsNodeKind.SymbolicLink)
        {
            await AttributesAsync(link, cancellationToken);
        }

        return new FuseReply().Bytes(Encoding.UTF8.GetBytes(link.Target));
    }

    private async Task<FuseReply> LinkAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var linked = _tree.Get(body.UInt64());
        var name = body.Name();
        var path = ChangedPathOf(directory, name);
        if (linked.Kind != VfsNodeKind.File)
        {
            throw new ErrnoException(linked.IsStored ? Errno.EPERM : Errno.EROFS);
        }

        if (_tree.Child(directory, name) is { Open.IsNew: true })
        {
            throw new ErrnoException(Errno.EEXIST);
        }

        using (await EnterAsync(linked.Open))
        {
            // The other name is of what is stored.
            if (linked.Open is { } open)
            {
                await SaveAsync(linked, open);
            }

            var file = await files.LinkAsync(PathOf(linked), path).OrAsync(Errno.EEXIST);
            var node = _tree.LookUp(directory, name, VfsNodeKind.File);
            return Entry(node, AttributesOf(node, file), outdated: linked.Id);
        }
    }

    private async Task<FuseReply> LinkSymbolicallyAsync(FuseRequest request)
    {
        var directory = _tree.Get(request.NodeId);
        var body = request.Body;
        var (name, target) = (body.Name(), body.Path());
        var path = ChangedPathOf(directory, name);
        if (_tree.Child(directory, name) is { Open.IsNew: true } || await files.StatAsync(path, followLink: false) is not null)
        {
            throw new ErrnoException(Errno.EEXIST);
        }

        var link = await files.LinkSymbolicallyAsync(TargetInside(target, path), path).OrAsync(Errno.ELOOP);
        var node = _tree.LookUp(directory, name, VfsNodeKind.SymbolicLink);
        Lead(node, link);
        return Entry(node, AttributesOf(node, link));
    }

    /// <summary>A target as VectorFS keeps it. One that is out of the folder would lead to another place on each machine.</summary>
    private string TargetInside(string target, string path)
    {
        if (!target.StartsWith('/'))
        {
            return target;
        }

        if (point.Length > 0 && (target == point || target.StartsWith(point + '/', StringComparison.Ordinal)))
        {
            return target.Length == point.Length ? VfsPath.Root : target[point.Length..];
        }

        report($"{path} was not made: a link to '{target}' leads out of the folder; use a relative target, or one in it.");
        throw new ErrnoException(Errno.EPERM);
    }

    /// <summary>Takes in where a link leads: what is absolute in VectorFS is absolute on no machine.</summary>
    private static void Lead(VfsNode node, FileNode link)
    {
        if (link.Kind != NodeKind.SymbolicLink)
        {
            return;
        }

        node.Target = link.Target;
        if (link.Target.StartsWith('/'))
        {
            var directory = VfsPath.ParentOf(link.Path);
            var depth = directory == VfsPath.Root ? 0 : directory.Count(character => character == '/');
            var inside = string.Concat(Enumerable.Repeat("../", depth)) + link.Target.TrimStart('/');
            node.Target = inside.Length > 0 ? inside : ".";
        }
    }
}
