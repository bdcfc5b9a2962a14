using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>An inode under one of its names. The first name of an inode lies in its own row, and each other one in a row that refers to it.</summary>
/// <param name="Id">The inode.</param>
/// <param name="Entry">The row of the name.</param>
/// <param name="Parent">The directory of the name.</param>
/// <param name="Name">The name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="IsShared">Whether others may change it.</param>
/// <param name="Version">The newest version of a file.</param>
/// <param name="Length">Bytes of that.</param>
/// <param name="Created">When it was made, in ticks.</param>
/// <param name="Modified">When it was changed, in ticks.</param>
/// <param name="Links">How many names it has.</param>
/// <param name="Target">Where a symbolic link leads; empty for anything else.</param>
internal sealed record NodeRow(
    long Id, long Entry, long Parent, string Name, NodeKind Kind, string Owner, bool IsShared, long Version, long Length, long Created, long Modified, int Links, string Target)
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
        Inode = Id,
        Links = Links,
        Target = Target,
    };
}
