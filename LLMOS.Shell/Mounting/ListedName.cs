namespace LLMOS.Shell.Mounting;

/// <summary>A name in a directory.</summary>
/// <param name="Name">The name.</param>
/// <param name="Mode">What it is, as in <see cref="FuseAttributes.Mode"/>.</param>
/// <param name="NodeId">The kernel's number for it; <see cref="UnknownNode"/> where it was not told one.</param>
internal readonly record struct ListedName(string Name, uint Mode, ulong NodeId = ListedName.UnknownNode)
{
    /// <summary>What the kernel takes for an inode that it has yet to look up; 0 would be no name at all.</summary>
    public const ulong UnknownNode = 0xFFFF_FFFF;
}
