using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// The end: how a process comes to it, what is told of it, and what it means to parent and children. Beginning anew, and limits on the whole life.
public sealed partial class ProcessGrain
{
    // What a timer takes; a longer life is looked at again then.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    // More are a defect of the program, which as many show.
    private const int MostLeaks = 100;

    private IGrainTimer? _lifetime;

    // On the steady clock.
    private DateTimeOffset _bornAt;
    private DateTimeOffset? _restartsAt;

    private TimeSpan Age => _clock.Now - _bornAt;

    /// <summary>Translates what is stored. What lies ahead of where it can lie was written before the wall clock was set back.</summary>
    private void BeginClocks()
    {
        var now = _clock.Now;
        _bornAt = Earlier(_clock.Of(Pcb.CreatedAt), now);
        _restartsAt = Pcb.RestartsAt is { } at ? Earlier(_clock.Of(at), now + RestartRule.DelayAfter(Spec, Math.Max(0, Record.FailuresInARow - 1))) : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    public async Task KillTreeAsync(ExitReason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        EnsureNotOfTheSystem("ended");

        if (Pcb.State == ProcessState.Terminated)
        {
            // Children that outlived it are init's, unless they were to end with it and a crash came between.
            await LeaveFamilyAsync();
            return;
        }

        Record.KillsChildren = true;
        await KillAsync(reason);
    }

    public async Task AdoptAsync(long formerParent)
    {
        if (!HasEnded && Pcb.ParentPid == formerParent)
        {
            Record.Pcb = Pcb with { ParentPid = WellKnownPids.Init };
            await SaveAsync();
        }
    }

    public async Task ChildEndedAsync(long childPid)
    {
        if (!HasEnded && Pcb.ChildPids.Contains(childPid))
        {
            Record.Pcb = Pcb with { ChildPids = Pcb.ChildPids.Remove(childPid) };
            await SaveAsync();
        }
    }

    // A sentence: what is longer is somebody's text inside of it, and the process keeps it for good.
    private const int LongestReason = 1_000;

    /// <summary>Ends the process in memory; the caller writes it.</summary>
    /// <returns>The messages that nobody will handle now.</returns>
    private IReadOnlyList<VmpMessage> End(ExitReason reason)
    {
        ProcessTransitions.Ensure(Pid, Pcb.State, ProcessState.Terminated);
        reason = reason.Text.Length <= LongestReason ? reason : reason with { Text = reason.Text[..LongestReason] + "…" };

        // What the turn in flight has computed is spent, though it comes to nothing.
        ChargeTokens(_lostTokens + _attemptTokens);
        (_lostTokens, _attemptTokens) = (0, 0);
        Record.Pcb = Pcb with
        {
            State = ProcessState.Terminated,
            BlockedOn = BlockReason.None,
            Exit = reason,
            EndedAt = _time.GetUtcNow(),
        };
        KernelMetrics.Ended(reason.Kind);
        if (Pcb.Kind != ProcessKind.System && !IsFleeting)
        {
            Record.Outbox.Add(Stamp(
                new OutgoingMessage
                {
                    To = WellKnownPids.Logger,
                    MessageType = VmpMessageType.Notification,
                    Payload = $"{Pcb.Name} ({Pid}) ended with code {reason.Code}: {reason.Text}",
                    CorrelationId = Pcb.Group,
                    Headers = ImmutableDictionary<string, string>.Empty.Add(VmpHeaders.KernelName, "ended"),
                },
                MessageIds.OfName($"process/{Pid}/ended")));
        }

        _turn?.Cancel();
        Record.Retries.Clear();
        Record.Unacknowledged.Clear();
        Record.AcknowledgedBy.Clear();
        EndWaits();
        _lent.Clear();
        Record.Consumed.UnionWith(_answers.Values.Select(answer => answer.MessageId));
        _answers.Clear();
        var dropped = WithoutRequest(_mailbox.Clear());
        _arrived?.TrySetResult();
        _freed?.TrySetResult();
        return dropped;
    }

    private async Task AfterEndAsync(IReadOnlyList<VmpMessage> dropped)
    {
        _outputs.Add(ProcessOutputKind.Ended, Guid.Empty, Pcb.Exit!.Text);
        _outputs.Close();
        _revocations.Forget(Pid);
        ReportSpending();
        await RefuseAsync(dropped);
        await (IsFleeting ? Task.CompletedTask : ReportLeaksAsync());
        await LeaveFamilyAsync();
        await Segment.ReapAsync(Pcb);
        await TellDependentsAsync();
        await LeaveGroupsAsync();
        await _programs.Get(Pcb.Program).OnStoppedAsync(Pcb, Spec, GrainFactory);
        _ended.TrySetResult();
        if (IsFleeting)
        {
            LeaveSoon();
        }
    }

    /// <summary>Ends the process when a limit of its life is reached.</summary>
    private async Task EnforceLifetimeAsync()
    {
        if (!HasEnded && LifetimeLimit.Reached(Spec, Pcb.Turns, Record.Meter, Age) is { } reached)
        {
            var dropped = End(reached);
            await SaveAsync();
            await AfterEndAsync(dropped);
            Wake();
        }
    }

    /// <summary>Ends the process when its time is over, also in the middle of a turn.</summary>
    private void WatchLifetime()
    {
        if (HasEnded || _lifetime is not null || Spec.MaxLifetime == TimeSpan.Zero || !_options.DeliverMessages)
        {
            return;
        }

        var left = Spec.MaxLifetime - Age;
        _lifetime = this.RegisterGrainTimer(
            async () =>
            {
                _lifetime?.Dispose();
                _lifetime = null;
                await EnforceLifetimeAsync();
                WatchLifetime();
            },
            new GrainTimerCreationOptions(left < TimeSpan.Zero ? TimeSpan.Zero : left > LongestTimer ? LongestTimer : left, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    /// <summary>Makes an end the wait for a beginning, where the policy says so; the caller writes it.</summary>
    /// <returns>Whether the process goes on.</returns>
    private bool TryRestart(ExitReason exit)
    {
        if (RestartRule.DelayOf(Spec, Record.FailuresInARow, exit) is not { } delay)
        {
            return false;
        }

        if (exit.Kind == ExitKind.Fault)
        {
            Record.FailuresInARow++;
        }

        _restartsAt = delay > TimeSpan.Zero ? _clock.Now + delay : null;
        Record.Pcb = Pcb with
        {
            State = ProcessState.Blocked,
            BlockedOn = delay > TimeSpan.Zero ? BlockReason.Restart : BlockReason.Receive,
            Restarts = Pcb.Restarts + 1,
            RestartsAt = delay > TimeSpan.Zero ? _time.GetUtcNow() + delay : null,
        };
        return true;
    }

    /// <summary>The turn failed and is tried again after the delay: what it spent is spent, nothing else of it counts.</summary>
    private async Task CommitRestartAsync(Guid messageId, ExitReason exit)
    {
        await SaveAsync();
        ReportSpending();
        LogRestart(_logger, Pid, Pcb.Restarts, exit.Text);
        TellInterrupted(messageId, $"{exit.Text}; restart {Pcb.Restarts}, attempt {Record.FailuresInARow} of {Spec.MaxRestarts}");
    }

    private async Task AwaitRestartAsync(CancellationToken stopping)
    {
        while (!HasEnded && !_isLeaving && Pcb.State != ProcessState.Suspended && Pcb.RestartsAt is not null)
        {
            var left = (_restartsAt ?? _clock.Now) - _clock.Now;
            if (left <= TimeSpan.Zero)
            {
                _restartsAt = null;
                Record.Pcb = Pcb with { RestartsAt = null };
                return;
            }

            // A suspend or a kill ends the wait, as it ends a turn.
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _turn = waiting;
            try
            {
                await Task.Delay(left, _time, waiting.Token);
            }
            catch (OperationCanceledException) when (waiting.IsCancellationRequested)
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }
            }
            finally
            {
                _turn = null;
            }
        }
    }

    /// <summary>Names the regions that it allocated and did not free, in its PCB and in the log. They stay: somebody may have been told of them.</summary>
    private async Task ReportLeaksAsync()
    {
        try
        {
            var leaked = _regions.List(RegionPath.AllocatedBy(Pid), "", MostLeaks);
            if (leaked.Count > 0)
            {
                LogLeaked(_logger, Pid, Pcb.Name, leaked.Count, string.Join(", ", leaked));
                Record.Pcb = Pcb with { Leaked = [.. leaked] };
                await SaveAsync();
            }
        }
        catch (Exception exception)
        {
            LogLeaksUnknown(_logger, exception, Pid);
        }
    }

    /// <summary>Its children become init's, or end with it, and its parent forgets it. What a crash keeps from being done is done at the next activation.</summary>
    private async Task LeaveFamilyAsync()
    {
        if (Record.HasLeftFamily)
        {
            return;
        }

        try
        {
            foreach (var child in Pcb.ChildPids)
            {
                await LeaveAsync(GrainFactory.GetGrain<IProcessGrain>(child));
            }

            if (Pcb.ParentPid >= WellKnownPids.FirstFree)
            {
                await GrainFactory.GetGrain<IProcessGrain>(Pcb.ParentPid).ChildEndedAsync(Pid);
            }

            Record.HasLeftFamily = true;
            if (Pcb.ChildPids.Length > 0 || Pcb.ParentPid >= WellKnownPids.FirstFree)
            {
                await SaveAsync();
            }
        }
        catch (Exception exception)
        {
            LogFamily(_logger, exception, Pid);
        }
    }

    private async Task LeaveAsync(IProcessGrain child)
    {
        try
        {
            await (Record.KillsChildren ? child.KillTreeAsync(Pcb.Exit!) : child.AdoptAsync(Pid));
        }
        catch (LlmosException unborn) when (unborn.Code == LlmosErrorCode.NotFound)
        {
            // It was announced and never started, or is just about to be: whoever starts it looks at its parent afterwards.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} begins anew (restart {Restarts}): {Reason}")]
    private static partial void LogRestart(ILogger logger, long pid, int restarts, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} ({Name}) has ended and did not free {Count} of the regions that it allocated: {Regions}. llmos call free region=PATH frees one.")]
    private static partial void LogLeaked(ILogger logger, long pid, string name, int count, string regions);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} has ended, and whether it left regions could not be read.")]
    private static partial void LogLeaksUnknown(ILogger logger, Exception exception, long pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid} has ended, and its parent and children could not all be told now.")]
    private static partial void LogFamily(ILogger logger, Exception exception, long pid);
}
