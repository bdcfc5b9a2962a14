using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A file or directory of VectorFS as a resource.</summary>
internal sealed record FileView(string Path, string Kind, long Length, string Owner, bool IsShared, long Version, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, int Links, string Target)
{
    public static FileView Of(FileNode node) => new(
        node.Path, node.Kind.Word(), node.Length, node.Owner, node.IsShared, node.Version, node.CreatedAt, node.ModifiedAt, node.Links, node.Target);
}
