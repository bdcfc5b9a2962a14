using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Shell.Output;

/// <summary>A file or directory, as <c>fs ls -o json</c> lists it.</summary>
internal sealed record FileRow(string Path, string Kind, long Bytes, string Owner, bool Shared, long Version, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, int Links, string Target)
{
    public static FileRow Of(FileNode node) =>
        new(node.Path, node.Kind.Word(), node.Length, node.Owner, node.IsShared, node.Version, node.CreatedAt, node.ModifiedAt, node.Links, node.Target);
}
