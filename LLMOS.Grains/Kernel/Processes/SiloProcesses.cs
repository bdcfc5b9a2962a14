using System.Collections.Concurrent;

namespace LLMOS.Kernel.Processes;

/// <summary>The processes that are in this silo's memory, and whether they are to leave it because it drains. Safe from any thread.</summary>
public sealed class SiloProcesses
{
    private readonly ConcurrentDictionary<long, ProcessGrain> _processes = new();
    private volatile bool _isDraining;

    /// <summary>Whether the silo is given no processes any more and lets its own go.</summary>
    public bool IsDraining => _isDraining;

    public IReadOnlyCollection<long> Pids => [.. _processes.Keys];

    public void BeginDrain() => _isDraining = true;

    internal void Enter(long pid, ProcessGrain process) => _processes[pid] = process;

    /// <summary>Nothing happens when the process is here again already.</summary>
    internal void Leave(long pid, ProcessGrain process) => _processes.TryRemove(new KeyValuePair<long, ProcessGrain>(pid, process));
}
