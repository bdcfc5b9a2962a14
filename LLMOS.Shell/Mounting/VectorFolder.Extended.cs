using System.Text;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Mounting;

/// <summary>Extended attributes.</summary>
internal sealed partial class VectorFolder
{
    private async Task<FuseReply> GetExtendedAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var size = body.UInt32();
        body.Skip(sizeof(uint));
        var name = body.Text();

        // Programs and the kernel ask every file for attributes of others, which need no call of VectorFS.
        if (!name.StartsWith(ExtendedAttribute.Prefix, StringComparison.Ordinal)
            || await StoredAsync(node, cancellationToken) is not { } file
            || !ExtendedAttribute.NamesOf(file).Contains(name))
        {
            throw new ErrnoException(Errno.ENODATA);
        }

        var newest = ExtendedAttribute.IsOfVersion(name) ? (await files.GetHistoryAsync(file.Path).WaitAsync(cancellationToken))[^1] : null;
        return Sized(Encoding.UTF8.GetBytes(ExtendedAttribute.ValueOf(name, file, newest)), size);
    }

    private async Task<FuseReply> ListExtendedAsync(FuseRequest request, CancellationToken cancellationToken)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var size = body.UInt32();
        var names = await StoredAsync(node, cancellationToken) is { } file ? ExtendedAttribute.NamesOf(file) : [];
        return Sized(Encoding.UTF8.GetBytes(string.Concat(names.Select(name => name + '\0'))), size);
    }

    private async Task<FuseReply> SetExtendedAsync(FuseRequest request)
    {
        var node = _tree.Get(request.NodeId);
        var body = request.Body;
        var size = body.UInt32();
        body.Skip(sizeof(uint));
        var name = body.Text();
        var value = Encoding.UTF8.GetString(body.Bytes((int)Math.Min(size, int.MaxValue)));
        if (!name.StartsWith(ExtendedAttribute.Prefix, StringComparison.Ordinal))
        {
            throw new ErrnoException(Errno.EOPNOTSUPP);
        }

        if (name != ExtendedAttribute.Shared || node.Kind != VfsNodeKind.File)
        {
            throw new ErrnoException(Errno.EPERM);
        }

        if (value is not ("true" or "false"))
        {
            throw new ErrnoException(Errno.EINVAL);
        }

        await files.ShareAsync(PathOf(node), value == "true");
        return new FuseReply();
    }

    private static FuseReply RemoveExtended(FuseRequest request)
    {
        var body = request.Body;
        throw new ErrnoException(body.Text().StartsWith(ExtendedAttribute.Prefix, StringComparison.Ordinal) ? Errno.EPERM : Errno.EOPNOTSUPP);
    }

    private async Task<FileNode?> StoredAsync(VfsNode node, CancellationToken cancellationToken) =>
        node.IsStored && _tree.PathOf(node) is { } path ? await FindAsync(path, cancellationToken) : null;

    /// <summary>A value, or how long it is where the program asks for that first.</summary>
    private static FuseReply Sized(byte[] value, uint size) =>
        size == 0 ? new FuseReply().UInt32((uint)value.Length).UInt32(0)
        : size < value.Length ? throw new ErrnoException(Errno.ERANGE)
        : new FuseReply(value.Length).Bytes(value);
}
