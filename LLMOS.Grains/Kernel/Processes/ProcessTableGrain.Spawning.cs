using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Kernel.Processes;

// Spawning: what a spec must be, what a child has of its parent, and how both come to know of each other whenever a crash comes.
public sealed partial class ProcessTableGrain
{
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
}
