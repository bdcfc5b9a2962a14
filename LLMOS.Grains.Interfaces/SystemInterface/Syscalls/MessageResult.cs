using LLMOS.Kernel.Messaging;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A message that was sent or received; null when there was none to receive.</summary>
[GenerateSerializer, Immutable, Alias("llmos.message-result")]
public sealed record MessageResult([property: Id(0)] VmpMessage? Message) : SyscallResult;
