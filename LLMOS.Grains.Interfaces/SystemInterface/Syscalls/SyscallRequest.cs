namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A syscall that is to be made.</summary>
[GenerateSerializer, Immutable, Alias("llmos.syscall-request")]
public sealed record SyscallRequest
{
    [Id(0)] public required SyscallCall Call { get; init; }

    /// <summary>The process in whose place it is made, with what both that process and the caller may do; null for the caller's own.</summary>
    [Id(1)] public long? AsPid { get; init; }

    /// <summary>The embedding of the text that a message carries, in the system's vector space; empty for one that the kernel makes.</summary>
    [Id(2)] public float[] Vector { get; init; } = [];
}
