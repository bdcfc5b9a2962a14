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

    /// <summary>Processes by their state; those that never were are left out.</summary>
    public IReadOnlyList<(ProcessState State, int Count)> CountByState()
    {
        var counts = new int[Enum.GetValues<ProcessState>().Length];
        foreach (var process in _processes.Values)
        {
            if (process.ShownState is { } state)
            {
                counts[(int)state]++;
            }
        }

        return [.. counts.Select((count, state) => ((ProcessState)state, count))];
    }

    /// <summary>Messages that wait in the mailboxes of the processes in memory.</summary>
    public long CountWaiting() => _processes.Values.Sum(process => (long)process.ShownWaiting);

    public void BeginDrain() => _isDraining = true;

    internal void Enter(long pid, ProcessGrain process) => _processes[pid] = process;

    /// <summary>Nothing happens when the process is here again already.</summary>
    internal void Leave(long pid, ProcessGrain process) => _processes.TryRemove(new KeyValuePair<long, ProcessGrain>(pid, process));
}
