using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams.Core;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// A process. Messages reach it through its mailbox's stream, one turn handles each, and one write commits what the
/// turn did: the state, the consumed message and the messages it sends. The turns run beside the grain's own calls, so
/// that kill, suspend and signals never wait for a model.
/// </summary>
[ImplicitStreamSubscription(VmpStreams.MailboxNamespace)]
[AvoidsDrainingSilos]
public sealed partial class ProcessGrain : Grain, IProcessGrain, IGuardedGrain, IStreamSubscriptionObserver
{
    // A turn that could not be stored is run again after it, for as long as the disk is full.
    private static readonly TimeSpan BeforeRevival = TimeSpan.FromSeconds(2);

    private readonly IPersistentState<ProcessRecord> _state;
    private readonly IMessageLog _log;
    private readonly ITurnLog _turns;
    private readonly IRegionCatalog _regions;
    private readonly IVectorSpace _vectors;
    private readonly ProgramCatalog _programs;
    private readonly RevocationBoard _revocations;
    private readonly AuditScribe _audit;
    private readonly SiloProcesses _processes;
    private readonly KernelOptions _options;
    private readonly ISiloStatusOracle _silo;
    private readonly IHostApplicationLifetime _host;
    private readonly TimeProvider _time;
    private readonly SteadyClock _clock;
    private readonly ILogger<ProcessGrain> _logger;
    private readonly CoalescedWrite _write;
    private readonly TurnRetryPolicy _retry;
    private readonly Mailbox _mailbox = new();
    private readonly MailboxBound _bound;
    private readonly ProcessOutputLog _outputs = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessGrain(
        [PersistentState("process")] IPersistentState<ProcessRecord> state,
        IMessageLog log,
        ITurnLog turns,
        IRegionCatalog regions,
        IVectorSpace vectors,
        ProgramCatalog programs,
        RevocationBoard revocations,
        AuditScribe audit,
        SiloProcesses processes,
        IOptions<KernelOptions> options,
        ISiloStatusOracle silo,
        IHostApplicationLifetime host,
        TimeProvider time,
        SteadyClock clock,
        ILogger<ProcessGrain> logger)
    {
        _state = state;
        _log = log;
        _turns = turns;
        _regions = regions;
        _vectors = vectors;
        _programs = programs;
        _revocations = revocations;
        _audit = audit;
        _processes = processes;
        _options = options.Value;
        _retry = new TurnRetryPolicy(_options);
        _bound = new MailboxBound(_options.MaxMailboxMessages, _options.MaxMailboxBytes);
        _silo = silo;
        _host = host;
        _time = time;
        _clock = clock;
        _logger = logger;
        _write = new CoalescedWrite(async () =>
        {
            var meter = Record.Meter;
            if (!IsFleeting)
            {
                await _state.WriteStateAsync();
            }

            Ledger.Stored(meter);
        });
    }

    private const double BytesPerMiB = 1024 * 1024;

    private long Pid => this.GetPrimaryKeyLong();

    private ProcessRecord Record => _state.State;

    private ProcessControlBlock Pcb =>
        Record.Pcb ?? throw LlmosException.NotFound($"There is no process {Pid}: 'ps' lists those there are.");

    private ProcessSpec Spec => Record.Spec!;

    private IProcessTableSegmentGrain Segment => GrainFactory.GetGrain<IProcessTableSegmentGrain>(Pid / IProcessTableSegmentGrain.BlockSize);

    private bool HasEnded => Record.Pcb is null or { State: ProcessState.Terminated };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _processes.Enter(Pid, this);
        if (Record.Pcb is null)
        {
            return;
        }

        ShowState();
        Ledger.Stored(Record.Meter);
        ReportSpending();
        if (HasEnded)
        {
            Wake();
            _outputs.Close();
            _ended.TrySetResult();
            _ = LeaveFamilyAsync();
            if (Record.Dependents.Count > 0)
            {
                _ = TellDependentsAsync();
            }

            // A crash may have come between its end and the table's knowing of it.
            await Segment.ReapAsync(Pcb);
            return;
        }

        // The states of a turn end with the activation it ran in.
        if (Pcb.State is ProcessState.Running or ProcessState.Thinking)
        {
            Record.Pcb = Pcb with { State = ProcessState.Blocked, BlockedOn = IdleReason };
            ShowState();
        }

        BeginClocks();
        _bound.Limit(Spec.MaxMessages);
        WatchDependencies();
        WatchAcknowledgements();
        WatchLifetime();
        ArmLifetime();
        await LoadMailboxAsync(cancellationToken);
        await FindBegunAsync(cancellationToken);
        Wake();
    }

    public async Task<ProcessControlBlock> StartAsync(ProcessSpec spec)
    {
        if (Record.Pcb is not null)
        {
            return Snapshot();
        }

        ProcessSpecRules.Validate(spec, _programs.Names);
        if (spec.Durability == ProcessDurability.Token)
        {
            await _programs.Get(spec.Program).CheckContinuesAsync(spec, GrainFactory);
        }

        var parent = spec.ParentPid >= WellKnownPids.FirstFree
            ? await GrainFactory.GetGrain<IProcessGrain>(spec.ParentPid).GetAsync()
            : null;
        var inherited = spec.InheritContext ? await InheritAsync(parent!, spec) : null;
        await ProcessLedger.EnrollAsync(Pid, spec, GrainFactory);
        var now = _time.GetUtcNow();
        Record.Spec = spec;
        Record.Seed = spec.Seed != 0 ? spec.Seed : (ulong)Random.Shared.NextInt64(1, long.MaxValue);
        Record.SliceStartedAt = now;
        Record.WaitsFor = [.. spec.After.Distinct()];
        Record.Pcb = new ProcessControlBlock
        {
            Pid = Pid,
            Name = spec.Name,
            Kind = spec.Kind,
            State = ProcessState.Blocked,
            BlockedOn = IdleReason,
            Priority = spec.Priority,
            Budget = new TokenBudget(spec.Budget, 0),
            Context = new ContextWindow(0, 0, spec.Region.Length > 0 ? spec.Region : RegionPath.OfProcess(Pid)),
            ParentPid = spec.ParentPid,
            Permissions = spec.Permissions,
            Sandbox = spec.Sandbox,
            Owner = spec.Owner,
            Lineage = spec.Lineage,
            Program = spec.Program,
            Model = spec.Model,
            Role = spec.Role,
            Group = spec.Group,
            Vpid = _vectors.Embed(spec.Role.Length > 0 ? spec.Role : spec.Name),
            CreatedAt = now,
            Tree = parent is null ? Pid : ProcessTree.RootOf(parent),
            Inherited = inherited,
            RequestedModel = spec.Model,
            Account = ProcessLedger.AccountOf(spec),
            Durability = spec.Durability,
        };
        await SaveAsync();
        KernelMetrics.Spawned(spec.Kind);
        BeginClocks();
        _bound.Limit(Spec.MaxMessages);
        await AskDependenciesAsync();
        WatchDependencies();
        WatchLifetime();
        ArmLifetime();
        if (IsFleeting)
        {
            AwaitRequest();
        }

        await TellStartedAsync();
        return Snapshot();
    }

    public async Task<ProcessControlBlock> GetAsync()
    {
        await RecallAsync();
        return Snapshot();
    }

    public async Task KillAsync(ExitReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        await RecallAsync();
        EnsureNotOfTheSystem("ended");
        if (Pcb.State == ProcessState.Terminated)
        {
            return;
        }

        var dropped = End(reason);
        await SaveAsync();
        await AfterEndAsync(dropped);
        Wake();
    }

    public async Task SuspendAsync(string reason)
    {
        if (Pcb.State == ProcessState.Suspended)
        {
            return;
        }

        EnsureNotNeeded("suspended");
        ProcessTransitions.Ensure(Pid, Pcb.State, ProcessState.Suspended);
        Record.Pcb = Pcb with { SuspendedFrom = Pcb.State, State = ProcessState.Suspended };
        _turn?.Cancel();
        _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, $"suspended: {reason}");
        await SaveAsync();
        await _programs.Get(Pcb.Program).OnStoppedAsync(Pcb, Spec, GrainFactory);
    }

    public async Task ResumeAsync()
    {
        if (Pcb.State != ProcessState.Suspended)
        {
            EnsureAlive();
            if (Record.HeldBy.Count > 0)
            {
                await StopWaitingForAsync([.. Record.HeldBy]);
            }

            Wake();
            return;
        }

        Record.Pcb = Pcb with
        {
            State = ProcessState.Blocked,
            BlockedOn = Record.Unacknowledged.Count > 0 ? BlockReason.Ack : IdleReason,
        };
        _outputs.Add(ProcessOutputKind.StateChanged, Guid.Empty, "resumed");
        await SaveAsync();
        Wake();
    }

    public async Task SetPriorityAsync(ProcessPriority priority)
    {
        EnsureAlive();
        EnsureMayRaise(priority < Pcb.Priority, $"raise the priority of process {Pid} ({Pcb.Name}) from {Pcb.Priority} to {priority}");
        var before = EffectivePriority;
        Record.Pcb = Pcb with { Priority = priority };
        NoteUrgency(before);
        await SaveAsync();
    }

    public async Task<ProcessPriority> NiceAsync(int delta)
    {
        EnsureAlive();
        var priority = new ProcessPriority((int)Math.Clamp((long)Pcb.Priority.Value + delta, ProcessPriority.Highest, ProcessPriority.Lowest));
        await SetPriorityAsync(priority);
        return priority;
    }

    public async Task AddChildAsync(long childPid)
    {
        EnsureAlive();
        EnsureStored("have children");

        // The processes that boot makes would collect children without end; their children are found by ParentPid.
        if (Pid >= WellKnownPids.FirstFree && !Pcb.ChildPids.Contains(childPid))
        {
            Record.Pcb = Pcb with { ChildPids = Pcb.ChildPids.Add(childPid) };
            await SaveAsync();
        }
    }

    public IAsyncEnumerable<ProcessOutput> WatchAsync(long fromOffset, CancellationToken cancellationToken)
    {
        _ = Pcb;
        return CallerContext.Behalf is { Pid: { } reader }
            ? WatchWhileAllowedAsync(reader, fromOffset, cancellationToken)
            : _outputs.ReadAsync(fromOffset, cancellationToken);
    }

    public async Task<ProcessControlBlock> WaitForEndAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await RecallAsync();
        _ = Pcb;
        try
        {
            await Task.WhenAny(_ended.Task, _left.Task).WaitAsync(wait, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It lives on; the caller sees that in its state.
        }

        return Snapshot();
    }

    private ProcessControlBlock Snapshot()
    {
        return Pcb with
        {
            EffectivePriority = HasEnded ? null : EffectivePriority,
            Waiting = _mailbox.Count,
            Budget = HasEnded ? Pcb.Budget : SliceNow.Budget,
            Account = Ledger.Account,
            WaitsFor = [.. Record.WaitsFor],
            Resources = HasEnded ? default : new ProcessResources(Spec.GpuUnits, _mailbox.Bytes / BytesPerMiB, 0),
        };
    }

    private void EnsureAlive()
    {
        if (Pcb.State == ProcessState.Terminated)
        {
            throw LlmosException.Refused($"Process {Pid} ({Pcb.Name}) has ended: {Pcb.Exit?.Text}.");
        }
    }

    /// <summary>The system cannot be without its processes, but for the one for whom nobody waits.</summary>
    private void EnsureNotNeeded(string what)
    {
        if (Pid != WellKnownPids.Summarizer)
        {
            EnsureNotOfTheSystem(what);
        }
    }

    private void EnsureNotOfTheSystem(string what)
    {
        if (Pid < WellKnownPids.FirstFree)
        {
            throw LlmosException.Refused($"Process {Pid} ({Pcb.Name}) is a part of the system and cannot be {what}: stop the silo instead.");
        }
    }

    private async Task SaveAsync()
    {
        ShowState();
        try
        {
            await _write.SaveAsync();
        }
        catch (Exception exception)
        {
            Abandon(exception);
            throw;
        }
    }

    // What memory has and the store has not must not be acted on: the next activation starts from the store.
    private void Abandon(Exception exception)
    {
        _abandoned = true;
        _turn?.Cancel();

        // Orleans wraps what a storage provider throws; the sentence is inside.
        Exception? cause = exception;
        while (cause is not null and not LlmosException)
        {
            cause = cause.InnerException;
        }

        _outputs.Close(cause ?? LlmosException.Unavailable($"What process {Pid} did could not be stored: {exception.Message}"));
        DeactivateOnIdle();
        if (IsFleeting)
        {
            _ = Segment.ReapAsync(Pcb with { State = ProcessState.Terminated, Exit = ExitReason.Faulted(cause?.Message ?? exception.Message), EndedAt = _time.GetUtcNow() });
        }
        else if (_options.DeliverMessages)
        {
            _ = ReviveAsync(GrainFactory, Pid, _time, _host.ApplicationStopping);
        }
    }

    /// <summary>
    /// Makes the next activation, once the store may be well again: messages that were accepted wait for it in the log, and perhaps
    /// nobody ever calls it. It runs beside all activations, since the one that it is for is gone.
    /// </summary>
    private static Task ReviveAsync(IGrainFactory grains, long pid, TimeProvider time, CancellationToken stopping) => Task.Run(
        async () =>
        {
            RequestContext.Clear();
            while (!stopping.IsCancellationRequested)
            {
                await Task.Delay(BeforeRevival, time, stopping);
                try
                {
                    await grains.GetGrain<IProcessGrain>(pid).GetAsync();
                    return;
                }
                catch (Exception exception) when (exception is not OutOfMemoryException)
                {
                    // It cannot be read yet either.
                }
            }
        },
        stopping);
}
