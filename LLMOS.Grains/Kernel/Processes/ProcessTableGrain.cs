using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// The process table. PIDs are set aside in blocks, so that spawning writes the table once for many processes; a block
/// that a crash cut short leaves a gap and never a PID twice.
/// </summary>
public sealed partial class ProcessTableGrain : Grain, IProcessTableGrain
{
    private const int ReservedAhead = 64;

    /// <summary>Blocks of the newest processes in which one that has ended is found by its name; by its PID each is.</summary>
    private const int BlocksOfEndedNames = 80;

    /// <summary>Processes that a listing asks at the same time.</summary>
    private const int AskedAtOnce = 64;

    private readonly IPersistentState<ProcessTableRecord> _state;
    private readonly ProgramCatalog _programs;
    private readonly AuditScribe _audit;
    private readonly TimeProvider _time;
    private readonly CoalescedWrite _write;
    private OpenBlocks _open = new([], 0);
    private long _next;
    private long _written;

    public ProcessTableGrain([PersistentState("process-table")] IPersistentState<ProcessTableRecord> state, ProgramCatalog programs, AuditScribe audit, TimeProvider time)
    {
        _state = state;
        _programs = programs;
        _audit = audit;
        _time = time;
        _write = new CoalescedWrite(async () =>
        {
            var reserved = _state.State.Reserved;
            (_state.State.OpenBlocks, _state.State.OpenFrom) = ([.. _open.Before], _open.From);
            await _state.WriteStateAsync();
            _written = reserved;
        });
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _written = _state.State.Reserved;
        _next = Math.Max(_written, WellKnownPids.FirstFree);
        _open = new OpenBlocks(_state.State.OpenBlocks, _state.State.OpenFrom);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // What was set aside and not given out is there for the next life; only a crash leaves a gap.
        if (_next < _written && reason.ReasonCode != DeactivationReasonCode.ApplicationRequested)
        {
            _state.State.Reserved = _next;
            await _write.SaveAsync().WaitAsync(cancellationToken);
        }
    }

    public async Task<ImmutableArray<long>> AllocateAsync(int count)
    {
        if (count is < 1 or > 10_000)
        {
            throw LlmosException.InvalidArgument($"{count} PIDs cannot be allocated at once: ask for 1 to 10000.");
        }

        var first = _next;
        _next += count;
        if (_next > _state.State.Reserved)
        {
            _state.State.Reserved = _next + ReservedAhead;
        }

        if (_next > _written)
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

        return [.. Enumerable.Range(0, count).Select(i => first + i)];
    }

    public async Task<ImmutableArray<ProcessControlBlock>> ListAsync(ProcessFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var found = new List<ProcessControlBlock>();
        var fitting = EntriesNewestFirstAsync(BlocksBefore(filter.Before, filter.LiveOnly)).Where(entry => entry.Pid < filter.Before).Where(entry => (filter.Group is null || filter.Group == entry.Group) && !(filter.LiveOnly && entry.Final is not null));
        await foreach (var some in fitting.Chunk(Math.Clamp(filter.Limit, 1, AskedAtOnce)))
        {
            if (found.Count >= filter.Limit)
            {
                break;
            }

            var processes = await Task.WhenAll(some.Select(FindAsync));
            found.AddRange(processes.OfType<ProcessControlBlock>().Where(process => !filter.LiveOnly || process.State != ProcessState.Terminated).Take(filter.Limit - found.Count));
        }

        found.Reverse();
        return [.. found];
    }

    /// <returns>Null for a process of which nothing was stored and that was lost with its activation.</returns>
    private async Task<ProcessControlBlock?> FindAsync(ProcessTableEntry entry)
    {
        try
        {
            return entry.Final ?? await GrainFactory.GetGrain<IProcessGrain>(entry.Pid).GetAsync();
        }
        catch (LlmosException gone) when (gone.Code == LlmosErrorCode.NotFound)
        {
            return null;
        }
    }

    public async Task<ImmutableArray<long>> LivePidsAsync()
    {
        var entries = await Task.WhenAll(BlocksBefore(long.MaxValue, liveOnly: true).Reverse().Select(EntriesAsync));
        return [.. entries.SelectMany(segment => segment).Where(entry => entry.Final is null).Select(entry => entry.Pid)];
    }

    public async Task<long> ResolveAsync(string pidOrName)
    {
        ArgumentNullException.ThrowIfNull(pidOrName);
        if (long.TryParse(pidOrName, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid))
        {
            return pid > 0 && await Segment(pid / IProcessTableSegmentGrain.BlockSize).HasAsync(pid)
                ? pid
                : throw LlmosException.NotFound($"There is no process {pid}: 'ps' lists those there are.");
        }

        // Nobody takes the name of a part of the system and with it what is meant for that.
        if ((await Segment(0).EntriesAsync()).FirstOrDefault(entry => entry.Pid < WellKnownPids.FirstFree && entry.Name == pidOrName) is { } part)
        {
            return part.Pid;
        }

        var live = EntriesNewestFirstAsync(BlocksBefore(long.MaxValue, liveOnly: true)).Where(entry => entry.Final is null);
        var ended = EntriesNewestFirstAsync(BlocksBefore(long.MaxValue, liveOnly: false).Take(BlocksOfEndedNames));
        return (await live.Concat(ended).FirstOrDefaultAsync(entry => entry.Name == pidOrName))?.Pid
            ?? throw LlmosException.NotFound($"There is no process named '{pidOrName}': 'ps' lists those there are.");
    }

    public async Task<long> ResolveForAsync(string pidOrName, string syscall)
    {
        ArgumentNullException.ThrowIfNull(syscall);
        const string argument = "pid";
        try
        {
            return await ResolveAsync(pidOrName);
        }
        catch (LlmosException unknown)
        {
            var caller = CallerContext.Behalf ?? Caller.Kernel;
            var name = AuditOfCall.Shorten(syscall);
            var failure = new LlmosException(unknown.Code, $"{name}, {argument}: {unknown.Message}", unknown) { Syscall = name, Argument = argument };
            await _audit.RefusedAsync(
                new AuditEntry
                {
                    At = _time.GetUtcNow(),
                    Principal = caller.Principal,
                    Source = caller.Pid,
                    Syscall = name,
                    Arguments = $"{argument}={AuditOfCall.Shorten(pidOrName)}",
                    Result = "",
                },
                failure);
            throw failure;
        }
    }

    /// <summary>Blocks with PIDs before one, the last first: all there are, or those that may have processes that live.</summary>
    private IEnumerable<long> BlocksBefore(long pid, bool liveOnly)
    {
        var last = Math.Min(_next, pid) / IProcessTableSegmentGrain.BlockSize;
        return liveOnly ? _open.NewestFirst(last) : Enumerable.Range(0, (int)last + 1).Select(block => last - block);
    }

    private async IAsyncEnumerable<ProcessTableEntry> EntriesNewestFirstAsync(IEnumerable<long> blocks)
    {
        foreach (var block in blocks)
        {
            foreach (var entry in (await EntriesAsync(block)).Reverse())
            {
                yield return entry;
            }
        }
    }

    private async Task<ImmutableArray<ProcessTableEntry>> EntriesAsync(long block)
    {
        var stamp = _open.Stamp(block);
        var entries = await Segment(block).EntriesAsync();

        // The newest block has PIDs yet to be given out. That another is closed is stored when something else is: till then it is read once more.
        if (block < _next / IProcessTableSegmentGrain.BlockSize && entries.All(entry => entry.Final is not null))
        {
            _open.Close(block, stamp);
        }

        return entries;
    }

    private IProcessTableSegmentGrain Segment(long block) => GrainFactory.GetGrain<IProcessTableSegmentGrain>(block);
}
