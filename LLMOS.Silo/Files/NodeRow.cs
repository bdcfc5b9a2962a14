using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>A row of the table of inodes.</summary>
internal sealed record NodeRow(long Id, long Parent, string Name, NodeKind Kind, string Owner, bool IsShared, long Version, long Length, long Created, long Modified)
{
    public FileNode ToNode(string path) => new()
    {
        Path = path,
        Kind = Kind,
        Length = Length,
        Owner = Owner,
        IsShared = IsShared,
        Version = Version,
        CreatedAt = new DateTimeOffset(Created, TimeSpan.Zero),
        ModifiedAt = new DateTimeOffset(Modified, TimeSpan.Zero),
    };
}
