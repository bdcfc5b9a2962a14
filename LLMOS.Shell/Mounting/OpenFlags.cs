namespace LLMOS.Shell.Mounting;

/// <summary>The flags of open(2) that mean something here.</summary>
[Flags]
internal enum OpenFlags : uint
{
    ReadOnly = 0,
    AccessMode = 3,
    Exclusive = 0x80,
    Truncate = 0x200,
    Append = 0x400,
}
