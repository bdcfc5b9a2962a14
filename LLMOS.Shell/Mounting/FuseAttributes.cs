namespace LLMOS.Shell.Mounting;

/// <summary>What <c>stat</c> shows of a node.</summary>
/// <param name="NodeId">Its number.</param>
/// <param name="Mode">Kind and permissions, as <c>st_mode</c> has them.</param>
/// <param name="Size">Bytes of its content.</param>
/// <param name="Modified">When its content changed.</param>
internal readonly record struct FuseAttributes(ulong NodeId, uint Mode, long Size, DateTimeOffset Modified)
{
    /// <summary>How many names it has.</summary>
    public uint Links { get; init; } = 1;

    /// <summary>What programs see as its inode, which all names of a file have in common.</summary>
    public ulong Inode { get; init; } = NodeId;

    public const uint Directory = 0x4000;
    public const uint RegularFile = 0x8000;
    public const uint SymbolicLink = 0xA000;
    public const uint KindMask = 0xF000;
}
