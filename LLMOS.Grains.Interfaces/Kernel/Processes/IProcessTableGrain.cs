using System.Collections.Immutable;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Processes;

/// <summary>The process table: allocates PIDs and knows every process there ever was. One grain, key 0.</summary>
[Alias("llmos.IProcessTableGrain")]
public interface IProcessTableGrain : IGrainWithIntegerKey
{
    /// <summary>Allocates PIDs that no process ever had.</summary>
    [Alias("Allocate"), AlwaysInterleave]
    Task<ImmutableArray<long>> AllocateAsync(int count);

    /// <summary>Spawns a process: checks the spec, allocates a PID, starts it and enters it.</summary>
    /// <exception cref="LlmosException">The spec is wrong, or its parent does not exist or has ended.</exception>
    [Alias("Spawn"), AlwaysInterleave]
    Task<ProcessControlBlock> SpawnAsync(ProcessSpec spec);

    /// <summary>The same with a PID that was allocated before. Repeating it changes nothing.</summary>
    [Alias("SpawnAs"), AlwaysInterleave]
    Task<ProcessControlBlock> SpawnAsync(long pid, ProcessSpec spec);

    /// <summary>Processes in the order of their PIDs.</summary>
    [Alias("List"), AlwaysInterleave]
    Task<ImmutableArray<ProcessControlBlock>> ListAsync(ProcessFilter filter);

    /// <summary>The PIDs of all processes that have not ended, ascending.</summary>
    [Alias("Live"), AlwaysInterleave]
    Task<ImmutableArray<long>> LivePidsAsync();

    /// <summary>The PID that a number or a name stands for. Of several with a name, the newest that lives, else the newest.</summary>
    /// <exception cref="LlmosException">There is none.</exception>
    [Alias("Resolve"), AlwaysInterleave]
    Task<long> ResolveAsync(string pidOrName);
}
