namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A text for people.</summary>
[GenerateSerializer, Immutable, Alias("llmos.text-result")]
public sealed record TextResult([property: Id(0)] string Text) : SyscallResult;
