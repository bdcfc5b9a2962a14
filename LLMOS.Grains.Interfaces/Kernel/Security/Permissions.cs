namespace LLMOS.Kernel.Security;

/// <summary>What a process may do. A child gets at most what its parent has.</summary>
[Flags, GenerateSerializer, Alias("llmos.permissions")]
public enum Permissions
{
    None = 0,
    ReadContext = 1 << 0,
    WriteContext = 1 << 1,
    ExecuteTool = 1 << 2,
    SpawnAgent = 1 << 3,
    Broadcast = 1 << 4,
    Sudo = 1 << 5,

    /// <summary>What an agent gets when nothing is said.</summary>
    Agent = ReadContext | WriteContext,

    All = ReadContext | WriteContext | ExecuteTool | SpawnAgent | Broadcast | Sudo,
}
