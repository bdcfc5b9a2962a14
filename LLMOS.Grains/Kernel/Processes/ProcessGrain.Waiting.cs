using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// Waiting for other processes: they are told, so that they run as urgently as who waits, and a circle of waits is found and broken.
public sealed partial class ProcessGrain
{
    // What one that has ended may still have said is here by then.
    private static readonly TimeSpan AfterItsEnd = TimeSpan.FromSeconds(2);

    private readonly WaitBook _waits = new();
    private IGrainTimer? _waiting;

    public async Task<ProcessControlBlock> WaitForAsync(long pid, bool inTurn, TimeSpan wait, CancellationToken cancellationToken)
    {
        EnsureAlive();
        var waiting = BeginWait(Guid.NewGuid(), WaitKind.End, pid, blocks: inTurn);
        if (inTurn)
        {
            SetState(ProcessState.Blocked, BlockReason.Dependency);
        }

        try
        {
            var ended = Process(pid).WaitForEndAsync(wait, cancellationToken);
            if (await Task.WhenAny(ended, waiting.GivenUp.Task) != ended)
            {
                await waiting.GivenUp.Task;
            }

            return await ended;
        }
        finally
        {
            EndWait(waiting.Id);
            if (inTurn && _turn is not null && Pcb.BlockedOn == BlockReason.Dependency)
            {
                SetState(ProcessState.Running);
            }
        }
    }

    public Task<bool> StillWaitsAsync(Guid waitId) => Task.FromResult(
        !HasEnded && Pcb.State != ProcessState.Suspended && _waits.Find(waitId) is { Blocks: true });

    public async Task GiveUpAsync(Guid waitId, string circle)
    {
        if (HasEnded || _waits.Find(waitId) is not { } wait)
        {
            return;
        }

        var error = new LlmosException(
            LlmosErrorCode.Deadlock,
            $"The wait of process {Pid} ({Pcb.Name}) could never end and was given up: {circle}. Ask again when the others have gone on.");
        LogDeadlock(_logger, Pid, circle);
        _outputs.Add(ProcessOutputKind.StateChanged, _handled?.MessageId ?? Guid.Empty, error.Message);
        Record.Outbox.Add(Stamp(
            new OutgoingMessage
            {
                To = WellKnownPids.Logger,
                MessageType = VmpMessageType.Notification,
                Payload = $"{Pcb.Name} ({Pid}) gave up a wait that could never end: {circle}",
                CorrelationId = Pcb.Group,
                Headers = ImmutableDictionary<string, string>.Empty.Add(VmpHeaders.KernelName, "deadlock"),
            },
            MessageIds.Derive(waitId, Pid, DeadlockNotice)));
        EndWait(waitId);
        switch (wait.Kind)
        {
            case WaitKind.Ack:
                GiveUpAcknowledgement(Guid.Parse(wait.About), wait.On, error);
                break;
            case WaitKind.Room:
                // It goes over the bound: nothing that is sent is lost for it.
                _overBound.Add(Guid.Parse(wait.About));
                break;
            case WaitKind.Dependency when Spec.AfterPolicy == DependencyPolicy.Ignore:
                await StopWaitingForAsync([wait.On]);
                break;
            case WaitKind.Dependency:
                var dropped = End(ExitReason.Faulted(error.Message));
                await SaveAsync();
                await AfterEndAsync(dropped);
                break;
        }

        wait.GivenUp.TrySetException(error);
        await SaveAsync();
        Wake();
        await RecordDeadlockAsync(wait, circle, error);
    }

    /// <summary>Enters what the process begins to wait for. Most waits are over before anybody is told.</summary>
    private ProcessWait BeginWait(Guid id, WaitKind kind, long on, string about = "", bool blocks = true)
    {
        var wait = new ProcessWait { Id = id, Kind = kind, On = on, About = about, Blocks = blocks };
        if (!_waits.Begin(wait, _clock.Now))
        {
            return _waits.Find(id)!;
        }

        // Nobody sees to it unless somebody does.
        _ = wait.GivenUp.Task.Exception;
        ArmWaiting();
        return wait;
    }

    private void EndWait(Guid id)
    {
        if (_waits.End(id) is { Probes: > 0 } told)
        {
            _ = SayEndedAsync(told);
        }
    }

    private void EndWaits()
    {
        foreach (var wait in _waits.Waits.ToArray())
        {
            EndWait(wait.Id);
        }
    }

    /// <summary>Waits for the acknowledgements that are due, also after a crash.</summary>
    private void WatchAcknowledgements()
    {
        foreach (var (message, by) in Record.AcknowledgedBy)
        {
            BeginWait(message, WaitKind.Ack, by, message.ToString());
        }
    }

    /// <summary>An acknowledgement that cannot come is a message with the error, as one that will not come is.</summary>
    private void GiveUpAcknowledgement(Guid message, long by, LlmosException error)
    {
        if (!Forget(message))
        {
            return;
        }

        Record.Outbox.Add(Stamp(
            new OutgoingMessage
            {
                To = Pid,
                MessageType = VmpMessageType.Notification,
                Payload = error.Message,
                CorrelationId = message.ToString(),
                Headers = VmpHeaders.Ack(message).AddRange(VmpHeaders.Error(error.Message, error.Code)),
            },
            MessageIds.Acknowledgement(message, by)) with
        { From = by });
    }

    /// <summary>Wakes when somebody is to be told of a wait, or a lent priority is over.</summary>
    private void ArmWaiting()
    {
        if (!_options.DeliverMessages)
        {
            return;
        }

        var (probe, expiry) = (_waits.NextProbe, _lent.NextExpiry);
        if ((probe < expiry || expiry is null ? probe : expiry) is not { } at)
        {
            _waiting?.Dispose();
            _waiting = null;
            return;
        }

        var left = at - _clock.Now;
        left = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        if (_waiting is null)
        {
            _waiting = this.RegisterGrainTimer(TellWaitsAsync, new GrainTimerCreationOptions(left, Timeout.InfiniteTimeSpan) { Interleave = true });
        }
        else
        {
            _waiting.Change(left, Timeout.InfiniteTimeSpan);
        }
    }

    private Task TellWaitsAsync()
    {
        // Whoever's call began the wait has no part in this.
        RequestContext.Clear();
        var now = _clock.Now;
        ExpireLoans(now);
        if (!HasEnded && !_abandoned && Pcb.State != ProcessState.Suspended)
        {
            foreach (var wait in _waits.TakeDue(now))
            {
                _ = TellAsync(wait, now);
            }
        }
        else
        {
            _waits.TakeDue(now);
        }

        ArmWaiting();
        return Task.CompletedTask;
    }

    private async Task TellAsync(ProcessWait wait, DateTimeOffset now)
    {
        try
        {
            var reply = await Process(wait.On).ProbeAsync(new WaitProbe(now.UtcTicks, [StepOf(wait)]));
            wait.Raises = reply.Raised;
            if (_waits.Find(wait.Id) is null)
            {
                // What ended it may have come there before this did.
                await Process(wait.On).WaitEndedAsync(wait.Id);
            }
            else if (reply is { Ended: true, Holds: false } && wait.Kind == WaitKind.Response)
            {
                wait.EndedAt ??= now;
                wait.ProbeBy(now + AfterItsEnd);
                if (now - wait.EndedAt >= AfterItsEnd)
                {
                    wait.GivenUp.TrySetException(LlmosException.Refused($"Process {wait.On} ended before it answered process {Pid} ({Pcb.Name})."));
                }
            }

            ArmWaiting();
        }
        catch (Exception exception)
        {
            LogNotReached(_logger, exception, Pid, wait.On);
        }
    }

    private async Task SayEndedAsync(ProcessWait wait)
    {
        try
        {
            await Process(wait.On).WaitEndedAsync(wait.Id);
        }
        catch (Exception exception)
        {
            // What it lent is forgotten there in time.
            LogNotReached(_logger, exception, Pid, wait.On);
        }
    }

    /// <summary>Passes a probe on along this process's own waits, or finds that it has come round.</summary>
    private void Pass(WaitProbe probe)
    {
        switch (_waits.Receive(probe, Pid))
        {
            case ProbeVerdict.Circle:
                _ = BreakAsync(probe.Path);
                break;
            case ProbeVerdict.PassOn:
                foreach (var wait in _waits.Waits.Where(wait => wait.Blocks))
                {
                    _ = PassAsync(probe with { Path = probe.Path.Add(StepOf(wait)) });
                }

                break;
        }
    }

    private async Task PassAsync(WaitProbe probe)
    {
        try
        {
            await Process(probe.Path[^1].On).ProbeAsync(probe);
        }
        catch (Exception exception)
        {
            // The next round goes the same way.
            LogNotReached(_logger, exception, Pid, probe.Path[^1].On);
        }
    }

    /// <summary>
    /// Has a wait of a circle given up. Each in it held what the one before it waited for when the probe passed; if all of
    /// those waits are still the same, none can have been answered meanwhile, and the circle is one.
    /// </summary>
    private async Task BreakAsync(ImmutableArray<WaitStep> circle)
    {
        try
        {
            foreach (var step in circle)
            {
                if (!await Process(step.Pid).StillWaitsAsync(step.WaitId))
                {
                    return;
                }
            }

            var victim = WaitCircle.Victim(circle);
            await Process(victim.Pid).GiveUpAsync(victim.WaitId, WaitCircle.Describe(circle));
        }
        catch (Exception exception)
        {
            LogNotReached(_logger, exception, Pid, circle[0].On);
        }
    }

    private async Task RecordDeadlockAsync(ProcessWait wait, string circle, LlmosException error)
    {
        try
        {
            await _audit.RefusedAsync(
                new AuditEntry
                {
                    At = _time.GetUtcNow(),
                    Principal = Caller.KernelPrincipal,
                    Source = Pid,
                    Destination = wait.On,
                    Syscall = "deadlock",
                    Arguments = string.Create(CultureInfo.InvariantCulture, $"{wait.Kind.ToString().ToLowerInvariant()} {circle}"),
                    Result = "",
                },
                error);
        }
        catch (LlmosException exception)
        {
            LogNotRecorded(_logger, exception, Pid);
        }
    }

    /// <summary>Whether this process has what another waits for.</summary>
    private bool Holds(WaitStep step, out Guid message)
    {
        message = Guid.Empty;
        switch (step.Kind)
        {
            case WaitKind.Response or WaitKind.Ack when _mailbox.Find(step.Pid, step.About) is { } waiting:
                message = waiting.MessageId;
                return true;
            case WaitKind.Dependency or WaitKind.End:
                return true;
            case WaitKind.Room:
                return _bound.IsFull(_mailbox);
            default:
                return false;
        }
    }

    private WaitStep StepOf(ProcessWait wait) => new()
    {
        WaitId = wait.Id,
        Kind = wait.Kind,
        Pid = Pid,
        Name = Pcb.Name,
        Priority = Pcb.Priority,
        Lends = EffectivePriority,
        CreatedAt = Pcb.CreatedAt,
        On = wait.On,
        About = wait.About,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} gave up a wait that could never end: {Circle}.")]
    private static partial void LogDeadlock(ILogger logger, long pid, string circle);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Process {Pid} could not reach {Other} about a wait; it is tried again.")]
    private static partial void LogNotReached(ILogger logger, Exception exception, long pid, long other);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Pid} gave up a wait that could never end, and the audit log has no record of it.")]
    private static partial void LogNotRecorded(ILogger logger, Exception exception, long pid);
}
