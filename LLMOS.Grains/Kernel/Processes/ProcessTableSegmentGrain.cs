using System.Collections.Immutable;

namespace LLMOS.Kernel.Processes;

/// <summary>One block of the process table.</summary>
public sealed class ProcessTableSegmentGrain : Grain, IProcessTableSegmentGrain
{
    /// <summary>Ended processes of one request are stored together after so long: each of them would write the block anew.</summary>
    private static readonly TimeSpan BeforeWrite = TimeSpan.FromSeconds(1);

    /// <summary>No answer takes longer, and a block whose processes live must not be forgotten.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromDays(1);

    private readonly IPersistentState<ProcessTableSegmentRecord> _state;
    private readonly CoalescedWrite _write;
    private readonly Dictionary<long, ProcessTableEntry> _fleeting = [];
    private IGrainTimer? _later;

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

    public Task EnterFleetingAsync(ProcessTableEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _fleeting[entry.Pid] = entry;
        DelayDeactivation(LongestRequest);
        return Task.CompletedTask;
    }

    public Task ReapAsync(ProcessControlBlock final)
    {
        ArgumentNullException.ThrowIfNull(final);
        if (Entries.TryGetValue(final.Pid, out var entry) && entry.Final is not null)
        {
            return Task.CompletedTask;
        }

        // What it was for is of no use to find it any more, and its vector is longer than all the rest, which each further entry writes again.
        final = final with { Vpid = [] };
        if (!_fleeting.ContainsKey(final.Pid))
        {
            Entries[final.Pid] = new ProcessTableEntry(final.Pid, final.Name, final.Group, final);
            return SaveAsync();
        }

        // What it was told is not to be kept, and its role is a part of that.
        Entries[final.Pid] = new ProcessTableEntry(final.Pid, final.Name, final.Group, final with { Role = "" });
        RemoveFleeting(final.Pid);
        _later ??= this.RegisterGrainTimer(SaveLaterAsync, new GrainTimerCreationOptions(BeforeWrite, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task ForgetFleetingAsync(long pid)
    {
        RemoveFleeting(pid);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _write.IdleAsync();
        await (_later is null ? Task.CompletedTask : SaveAsync().WaitAsync(cancellationToken));
    }

    public Task<ImmutableArray<ProcessTableEntry>> EntriesAsync() =>
        Task.FromResult(_fleeting.Count == 0 ? Entries.Values.ToImmutableArray() : [.. Entries.Values.Concat(_fleeting.Values).OrderBy(entry => entry.Pid)]);

    public Task<ProcessTableEntry?> FindAsync(long pid) => Task.FromResult(Entries.GetValueOrDefault(pid) ?? _fleeting.GetValueOrDefault(pid));

    public Task<bool> HasAsync(long pid) => Task.FromResult(Entries.ContainsKey(pid) || _fleeting.ContainsKey(pid));

    private void RemoveFleeting(long pid)
    {
        if (_fleeting.Remove(pid) && _fleeting.Count == 0)
        {
            // This undoes the delay; an infinite time would make it one without end.
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    private Task SaveLaterAsync()
    {
        _later?.Dispose();
        _later = null;
        return SaveAsync();
    }

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
