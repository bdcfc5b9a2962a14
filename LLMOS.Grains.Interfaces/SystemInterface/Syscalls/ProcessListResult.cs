using System.Collections.Immutable;
using LLMOS.Kernel.Processes;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Processes, in the order of their PIDs.</summary>
[GenerateSerializer, Immutable, Alias("llmos.process-list-result")]
public sealed record ProcessListResult([property: Id(0)] ImmutableArray<ProcessControlBlock> Processes) : SyscallResult;
