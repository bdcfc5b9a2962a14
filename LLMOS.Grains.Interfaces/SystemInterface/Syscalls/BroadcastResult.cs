namespace LLMOS.SystemInterface.Syscalls;

/// <summary>How many processes a message was sent to.</summary>
[GenerateSerializer, Immutable, Alias("llmos.broadcast-result")]
public sealed record BroadcastResult([property: Id(0)] int Recipients) : SyscallResult;
