using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// The process table. PIDs are set aside in blocks, so that spawning writes the table once for many processes; a block
/// that a crash cut short leaves a gap and never a PID twice.
/// </summary>
public sealed class ProcessTableGrain : Grain, IProcessTableGrain
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

    public async Task<ProcessControlBlock> SpawnAsync(ProcessSpec spec)
    {
        Validate(spec);
        await CheckParentAsync(spec);
        await CheckDependenciesAsync(spec, []);
        return await SpawnAsync((await AllocateAsync(1))[0], spec);
    }

    public async Task<ProcessControlBlock> SpawnForRequestAsync(ProcessSpec spec)
    {
        ProcessSpecRules.Validate(spec, _programs.Names);
        ProcessSpecRules.ValidateFleeting(spec, _programs.Get(spec.Program).IsFleeting);
        var pid = (await AllocateAsync(1))[0];
        spec = await InheritAsync(spec);

        // It is entered first, so that its end finds it there, whenever that comes.
        await EnterAsync(pid, spec, isFleeting: true);
        try
        {
            return await GrainFactory.GetGrain<IProcessGrain>(pid).StartAsync(spec);
        }
        catch
        {
            await Segment(pid / IProcessTableSegmentGrain.BlockSize).ForgetFleetingAsync(pid);
            throw;
        }
    }

    public async Task<ProcessControlBlock> SpawnAsync(long pid, ProcessSpec spec)
    {
        Validate(spec);
        EnsureAllocated(pid);
        if (spec.After.Length > 0)
        {
            _ = DependencyGraph.Order(new Dictionary<long, IReadOnlyList<long>> { [pid] = spec.After });
            await CheckDependenciesAsync(spec, []);
        }

        return await StartAsync(pid, spec);
    }

    public async Task<ImmutableArray<ProcessControlBlock>> SpawnAllAsync(ImmutableArray<SpawnRequest> requests)
    {
        var specs = new Dictionary<long, ProcessSpec>();
        foreach (var (pid, spec) in requests)
        {
            Validate(spec);
            EnsureAllocated(pid);
            if (pid < WellKnownPids.FirstFree)
            {
                throw LlmosException.InvalidArgument($"PID {pid} is kept for a part of the system: allocate one.");
            }

            if (!specs.TryAdd(pid, spec))
            {
                throw LlmosException.InvalidArgument($"PID {pid} is given to two processes: allocate one for each.");
            }
        }

        var order = DependencyGraph.Order(specs.ToDictionary(spec => spec.Key, spec => (IReadOnlyList<long>)spec.Value.After));
        foreach (var spec in specs.Values)
        {
            await CheckDependenciesAsync(spec, specs.Keys);
        }

        foreach (var pid in order)
        {
            await StartAsync(pid, specs[pid]);
        }

        return [.. await Task.WhenAll(requests.Select(request => GrainFactory.GetGrain<IProcessGrain>(request.Pid).GetAsync()))];
    }

    private async Task<ProcessControlBlock> StartAsync(long pid, ProcessSpec spec)
    {
        spec = await InheritAsync(spec);
        var child = GrainFactory.GetGrain<IProcessGrain>(pid);
        if (spec.ParentPid < WellKnownPids.FirstFree)
        {
            var started = await child.StartAsync(spec);
            await EnterAsync(pid, spec);
            return started;
        }

        // Its parent knows of it first, so that what ends a parent with its children finds it, whenever a crash comes.
        var parent = GrainFactory.GetGrain<IProcessGrain>(spec.ParentPid);
        await parent.AddChildAsync(pid);
        ProcessControlBlock process;
        try
        {
            process = await child.StartAsync(spec);
        }
        catch (LlmosException)
        {
            await parent.ChildEndedAsync(pid);
            throw;
        }

        await EnterAsync(pid, spec);
        await SettleAsync(spec, parent, child);
        return process;
    }

    private async Task EnterAsync(long pid, ProcessSpec spec, bool isFleeting = false)
    {
        var block = pid / IProcessTableSegmentGrain.BlockSize;
        var wasClosed = _open.Begin(block);
        try
        {
            if (wasClosed)
            {
                await _write.SaveAsync();
            }

            var entry = new ProcessTableEntry(pid, spec.Name, spec.Group, null);
            await (isFleeting ? Segment(block).EnterFleetingAsync(entry) : Segment(block).EnterAsync(entry));
        }
        finally
        {
            _open.End(block);
        }
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

    /// <summary>Makes good what became of the parent, and of the child, while the child was started.</summary>
    private static async Task SettleAsync(ProcessSpec spec, IProcessGrain parent, IProcessGrain child)
    {
        var family = await parent.GetAsync();
        if (family.State == ProcessState.Terminated)
        {
            // It may have ended with all its children before this one could be ended: who is told that it was not spawned finds none.
            await child.KillAsync(ExitReason.Killed($"its parent {family.Name} ({family.Pid}) ended while it was spawned"));
            throw LlmosException.Refused($"Process {family.Pid} ({family.Name}) has ended and can have no children.");
        }

        var pid = child.GetPrimaryKeyLong();
        if ((await child.GetAsync()).State == ProcessState.Terminated)
        {
            // It was there before, and told its parent of its end then.
            await parent.ChildEndedAsync(pid);
            return;
        }

        // What was revoked from the parent meanwhile has not reached it.
        var excess = spec.Permissions & ~family.Permissions;
        if (excess != Permissions.None)
        {
            await child.RevokeAsync(excess);
        }
    }

    private void Validate(ProcessSpec spec)
    {
        ProcessSpecRules.Validate(spec, _programs.Names);
        if (_programs.Get(spec.Program).IsFleeting)
        {
            throw LlmosException.InvalidArgument(
                $"'{spec.Name}' cannot run '{spec.Program}', which answers one request that comes with it and ends: use '{ProcessPrograms.Agent}', or ask by the OpenAI endpoint.", "program");
        }
    }

    private void EnsureAllocated(long pid)
    {
        if (pid < 1 || pid >= Math.Max(_next, WellKnownPids.FirstFree))
        {
            throw LlmosException.InvalidArgument($"PID {pid} was not allocated: spawn without a PID to get one.");
        }
    }

    private async Task CheckDependenciesAsync(ProcessSpec spec, IReadOnlyCollection<long> spawnedTogether)
    {
        foreach (var pid in spec.After)
        {
            if (pid is >= 1 and < WellKnownPids.FirstFree)
            {
                throw LlmosException.InvalidArgument($"'{spec.Name}' cannot wait for process {pid}, which is a part of the system and never ends: wait for another one.");
            }

            if (!spawnedTogether.Contains(pid) && (pid < 1 || !await Segment(pid / IProcessTableSegmentGrain.BlockSize).HasAsync(pid)))
            {
                throw LlmosException.NotFound($"'{spec.Name}' cannot wait for process {pid}, which does not exist: 'ps' lists those there are.");
            }

            // Nobody could say after a crash how it ended.
            if (!spawnedTogether.Contains(pid) && _programs.Get((await GrainFactory.GetGrain<IProcessGrain>(pid).GetAsync()).Program).IsFleeting)
            {
                throw LlmosException.Refused($"'{spec.Name}' cannot wait for process {pid}, which answers one request and is not stored: wait for one that is.");
            }
        }
    }

    private async Task CheckParentAsync(ProcessSpec spec)
    {
        if (spec.ParentPid == WellKnownPids.Init)
        {
            return;
        }

        var parent = await GrainFactory.GetGrain<IProcessGrain>(spec.ParentPid).GetAsync();
        if (parent.State == ProcessState.Terminated)
        {
            throw LlmosException.Refused($"Process {parent.Pid} ({parent.Name}) has ended and can have no children.");
        }

        var excess = spec.Permissions & ~parent.Permissions;
        if (excess != Permissions.None)
        {
            throw new LlmosException(
                LlmosErrorCode.PermissionDenied,
                $"'{spec.Name}' cannot have {excess}: its parent {parent.Name} ({parent.Pid}) does not, and a child gets at most what its parent has.");
        }
    }

    /// <summary>The spec with what a child has of its parent: who answers for it, whom it descends from, what it is confined to.</summary>
    private async Task<ProcessSpec> InheritAsync(ProcessSpec spec)
    {
        if (spec.ParentPid < WellKnownPids.FirstFree)
        {
            return spec with { Owner = CallerContext.Behalf?.Principal ?? Caller.KernelPrincipal, Lineage = [], Account = AccountOf(spec) };
        }

        var parent = await GrainFactory.GetGrain<IProcessGrain>(spec.ParentPid).GetAsync();
        var sandbox = parent.Sandbox is { } confined
            ? (spec.Sandbox ?? new SandboxProfile { AllowsNetwork = true }).Within(confined)
            : spec.Sandbox;
        ProcessSpecRules.CheckIsolation(spec with { Sandbox = sandbox });
        return spec with
        {
            Owner = parent.Owner,
            Lineage = parent.Lineage.Add(parent.Pid),
            Permissions = spec.Permissions & parent.Permissions,
            Sandbox = sandbox,
        };
    }

    /// <summary>Whoever does not manage processes spends from an account, named or not: a limit on a user cannot be left out by the user.</summary>
    private static string AccountOf(ProcessSpec spec) =>
        spec.Account.Length == 0 && CallerContext.Behalf is { Pid: null } caller && !caller.Has(Privileges.ManageProcesses) && AccountKey.IsUser(caller.Principal)
            ? caller.Principal
            : spec.Account;

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
