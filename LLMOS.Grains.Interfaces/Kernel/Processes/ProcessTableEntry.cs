namespace LLMOS.Kernel.Processes;

/// <summary>What the process table keeps of a process.</summary>
/// <param name="Pid">The PID.</param>
/// <param name="Name">The name.</param>
/// <param name="Group">The agent group (run) it belongs to; empty for none.</param>
/// <param name="Final">Its last PCB, once it has ended.</param>
[GenerateSerializer, Immutable, Alias("llmos.process-table-entry")]
public sealed record ProcessTableEntry(
    [property: Id(0)] long Pid,
    [property: Id(1)] string Name,
    [property: Id(2)] string Group,
    [property: Id(3)] ProcessControlBlock? Final);
