using System.Collections.Immutable;

namespace LLMOS.Kernel.Processes;

/// <summary>One block of the process table.</summary>
public sealed class ProcessTableSegmentGrain : Grain, IProcessTableSegmentGrain
{
    private readonly IPersistentState<ProcessTableSegmentRecord> _state;
    private readonly CoalescedWrite _write;

    public ProcessTableSegmentGrain([PersistentState("process-table-segment")] IPersistentState<ProcessTableSegmentRecord> state)
    {
        _state = state;
        _write = new CoalescedWrite(() => _state.WriteStateAsync());
    }

    private SortedDictionary<long, ProcessTableEntry> Entries => _state.State.Entries;

    public Task EnterAsync(ProcessTableEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Entries.TryAdd(entry.Pid, entry) ? SaveAsync() : Task.CompletedTask;
    }

    public Task ReapAsync(ProcessControlBlock final)
    {
        ArgumentNullException.ThrowIfNull(final);
        if (Entries.TryGetValue(final.Pid, out var entry) && entry.Final is not null)
        {
            return Task.CompletedTask;
        }

        // What it was for is of no use to find it any more, and its vector is longer than all the rest, which each further entry writes again.
        Entries[final.Pid] = new ProcessTableEntry(final.Pid, final.Name, final.Group, final with { Vpid = [] });
        return SaveAsync();
    }

    public Task<ImmutableArray<ProcessTableEntry>> EntriesAsync() => Task.FromResult(Entries.Values.ToImmutableArray());

    public Task<bool> HasAsync(long pid) => Task.FromResult(Entries.ContainsKey(pid));

    private async Task SaveAsync()
    {
        try
        {
            await _write.SaveAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
