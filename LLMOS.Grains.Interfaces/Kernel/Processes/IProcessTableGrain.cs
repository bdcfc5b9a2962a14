using System.Collections.Immutable;
using LLMOS.Kernel.Security;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Processes;

/// <summary>The process table: allocates PIDs and knows every process there ever was. One grain, key 0.</summary>
[Alias("llmos.IProcessTableGrain")]
public interface IProcessTableGrain : IGrainWithIntegerKey
{
    /// <summary>Allocates PIDs that no process ever had.</summary>
    [Alias("Allocate"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<long>> AllocateAsync(int count);

    /// <summary>Spawns a process: checks the spec, allocates a PID, starts it and enters it.</summary>
    /// <exception cref="LlmosException">The spec is wrong, or its parent does not exist or has ended.</exception>
    [Alias("Spawn"), AlwaysInterleave]
    [Requires(Permissions.SpawnAgent, Scope = AccessScope.Argument, Syscall = "spawn", RecordFirst = true)]
    Task<ProcessControlBlock> SpawnAsync(ProcessSpec spec);

    /// <summary>
    /// Spawns a process for one request, which <see cref="IProcessGrain.AnswerAsync"/> brings. Nothing of it is stored: it ends with its answer, with whoever
    /// waits for that, and with its silo.
    /// </summary>
    /// <exception cref="LlmosException">The spec is wrong, or asks for what only a process that is stored can have.</exception>
    [Alias("SpawnForRequest"), AlwaysInterleave]
    [Requires(Permissions.SpawnAgent, Scope = AccessScope.Argument, Syscall = "spawn")]
    Task<ProcessControlBlock> SpawnForRequestAsync(ProcessSpec spec);

    /// <summary>Spawns a process like <see cref="SpawnAsync(ProcessSpec)"/> with a PID that was allocated before. Repeating it changes nothing.</summary>
    [Alias("SpawnAs"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer, Syscall = "spawn", RecordFirst = true)]
    Task<ProcessControlBlock> SpawnAsync(long pid, ProcessSpec spec);

    /// <summary>
    /// Spawns several with PIDs that were allocated before. They may wait for each other; nothing is made when some would
    /// do so in a circle. Repeating it changes nothing.
    /// </summary>
    /// <exception cref="LlmosException">A spec is wrong, one waits for a process there is not, or some wait for each other; the message names the cycle.</exception>
    [Alias("SpawnAll"), AlwaysInterleave]
    [Requires(Permissions.SpawnAgent, Privileges = Privileges.ManageProcesses, Syscall = "spawn", RecordFirst = true)]
    Task<ImmutableArray<ProcessControlBlock>> SpawnAllAsync(ImmutableArray<SpawnRequest> requests);

    /// <summary>Processes in the order of their PIDs.</summary>
    [Alias("List"), AlwaysInterleave]
    [Requires(Syscall = "ps")]
    Task<ImmutableArray<ProcessControlBlock>> ListAsync(ProcessFilter filter);

    /// <summary>The PIDs of all processes that have not ended, ascending.</summary>
    [Alias("Live"), AlwaysInterleave]
    [Requires(Privileges = Privileges.Administer)]
    Task<ImmutableArray<long>> LivePidsAsync();

    /// <summary>The PID that a number or a name stands for. Of several with a name, the newest that lives, else the newest of the last 10,000.</summary>
    /// <exception cref="LlmosException">There is none.</exception>
    [Alias("Resolve"), AlwaysInterleave]
    [Requires]
    Task<long> ResolveAsync(string pidOrName);

    /// <summary>The same for a syscall that is about to be made: that there is none is a failure of the syscall, and is in the audit log as such.</summary>
    /// <exception cref="LlmosException">There is none; it names the syscall.</exception>
    [Alias("ResolveFor"), AlwaysInterleave]
    [Requires]
    Task<long> ResolveForAsync(string pidOrName, string syscall);
}
