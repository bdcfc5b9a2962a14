using LLMOS.Kernel.Processes;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A process, as it is after the call.</summary>
[GenerateSerializer, Immutable, Alias("llmos.process-result")]
public sealed record ProcessResult([property: Id(0)] ProcessControlBlock Process) : SyscallResult;
