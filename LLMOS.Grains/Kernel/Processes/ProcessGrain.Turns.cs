using System.Diagnostics;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// The turns: one message after the other through the program, and the commit of each.
public sealed partial class ProcessGrain
{
    private static readonly TaskCompletionSource NoPump = Completed();

    private CancellationTokenSource? _turn;
    private VmpMessage? _handled;
    private TaskCompletionSource? _woken;
    private TaskCompletionSource _pump = NoPump;
    private bool _wokenWhilePumping;
    private bool _abandoned;

    // Tokens of the attempt under way, and of those that came to nothing: they were computed, so they are charged.
    private long _attemptTokens;
    private long _lostTokens;

    /// <summary>Runs the turns for what waits, beside the calls of the grain, until nothing does.</summary>
    private void Wake()
    {
        if (IsPumping)
        {
            _wokenWhilePumping = true;
            _woken?.TrySetResult();
            return;
        }

        if (_abandoned || _isLeaving || !_options.DeliverMessages || !HasWork)
        {
            return;
        }

        var pump = _pump = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            async stopping =>
            {
                try
                {
                    // Whoever's call woke the process has no part in what it does then.
                    RequestContext.Clear();
                    Activity.Current = null;

                    // Orleans waits for a timer's callback before it tells it to stop, so the host's word is heard too.
                    using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, _host.ApplicationStopping);
                    await PumpAsync(ending.Token);
                }
                catch (Exception exception)
                {
                    LogPumpStopped(_logger, exception, Pid);
                    Abandon(exception);
                }
                finally
                {
                    pump.TrySetResult();
                    timer!.Dispose();
                    if (_wokenWhilePumping)
                    {
                        // What came while the pump was on its way out.
                        _wokenWhilePumping = false;
                        Wake();
                    }
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private bool IsPumping => !_pump.Task.IsCompleted;

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private bool HasWork => _mailbox.Count > 0 || Record.Outbox.Count > 0 || Record.Consumed.Count > 0 || Record.Dead.Count > 0
        || (HasEnded && Record.Groups.Count > 0);

    private async Task PumpAsync(CancellationToken stopping)
    {
        if (HasEnded)
        {
            // A crash may have come between its end and this.
            await LeaveGroupsAsync();
        }

        await EnforceLifetimeAsync();
        while (await SettleAsync(stopping) && MayHandle(stopping))
        {
            await AwaitRestartAsync(stopping);
            if (!MayHandle(stopping))
            {
                continue;
            }

            _wokenWhilePumping = false;
            var now = _clock.Now;
            var (next, due) = NextMessage(now);
            if (next is { } message)
            {
                await HandleAsync(message, stopping);
                await ReleaseFormerModelsAsync();
            }
            else if (due is { } release)
            {
                // Those that wait are to be tried again, later.
                _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                await Task.WhenAny(_woken.Task, Task.Delay(release - now, _time, waiting.Token));
                await waiting.CancelAsync();
                _woken = null;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The message to handle now; else when one that is held back may be.</summary>
    private (VmpMessage? Message, DateTimeOffset? Release) NextMessage(DateTimeOffset now)
    {
        if (Begun is { } begun && _mailbox.Find(begun) is { } message)
        {
            return Record.Retries.TryGetValue(begun, out var retry) && retry.NotBefore > now ? (null, retry.NotBefore) : (message, null);
        }

        return (_mailbox.Peek(MessageFilter.Any, now), _mailbox.NextRelease);
    }

    private bool MayHandle(CancellationToken stopping) => !stopping.IsCancellationRequested && !_isLeaving && !HasEnded && !IsGated
        && Pcb.State != ProcessState.Suspended && Pcb.Program != ProcessPrograms.Mailbox && Record.Unacknowledged.Count == 0;

    private async Task HandleAsync(VmpMessage message, CancellationToken stopping)
    {
        if (_mailbox.NextDeadline <= _clock.Now)
        {
            await ExpireAsync();
            return;
        }

        using var trace = TurnTrace.Begin(message, Pcb);
        using var scope = LogScope(_logger, Pid);
        SetState(ProcessState.Running);
        if (_script?.MessageId != message.MessageId)
        {
            _script = null;
            _outputs.Add(ProcessOutputKind.TurnStarted, message.MessageId);
        }

        using var clock = TurnClock();
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(stopping, clock.Token);
        _turn = turn;
        _handled = message;
        TurnResult? result;
        try
        {
            result = await RunProgramAsync(message, turn.Token);
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested || _silo.CurrentStatus.IsTerminating())
        {
            if (IsFleeting && stopping.IsCancellationRequested)
            {
                // No other life goes on with it: its reader hears so now, and the door by which that came does not wait for it.
                _outputs.Close(Moved());
            }

            await UndoAsync(message);
            await EndIfOvertimeAsync(clock.IsCancellationRequested);
            return;
        }
        finally
        {
            _turn = null;
            _handled = null;
        }

        if (HasEnded || Pcb.State == ProcessState.Suspended || !_mailbox.Contains(message.MessageId))
        {
            await UndoAsync(message);
        }
        else if (result is null)
        {
            trace.Retry();
            SetState(ProcessState.Blocked, BlockReason.Receive);
            await SaveAsync();
        }
        else
        {
            await CommitAsync(message, result);
            trace.Commit(result);
        }
    }

    /// <summary>The turn did not come to its commit: it will run again, and what it spent is spent.</summary>
    private async Task UndoAsync(VmpMessage message)
    {
        await NoteChargedAsync();
        TellInterrupted(message.MessageId);
        SetState(ProcessState.Running);
        SetState(ProcessState.Blocked, BlockReason.Receive);
        var spent = _lostTokens + _attemptTokens;
        (_lostTokens, _attemptTokens) = (0, 0);
        if (spent > 0 && !HasEnded && !_abandoned)
        {
            ChargeTokens(spent);
            await SaveAsync();
        }

        ReportSpending();
    }

    /// <returns>Null when the turn is to be tried again later.</returns>
    private async Task<TurnResult?> RunProgramAsync(VmpMessage message, CancellationToken cancellationToken)
    {
        // What the program calls it calls as this process.
        CallerContext.Claim = Caller.Of(Pcb);
        _turnModel = Spec.Model;
        try
        {
            var script = await OpenScriptAsync(message.MessageId);
            var outcome = await _programs.Get(Pcb.Program).RunAsync(new Turn(this, message, script), cancellationToken);

            // What follows is the kernel's again.
            CallerContext.Claim = null;
            await CheckOutgoingAsync(outcome.Outgoing);
            return new TurnResult(outcome, null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (ProcessLimitException limit)
        {
            return new TurnResult(new TurnOutcome { Exit = limit.Reason }, null);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_silo.CurrentStatus.IsTerminating())
            {
                // What fails while the silo goes down says nothing of the turn: it runs again in the next life.
                throw new OperationCanceledException("The silo is going down.", exception);
            }

            await NoteChargedAsync();
            (_lostTokens, _attemptTokens) = (_lostTokens + _attemptTokens, 0);
            var text = exception is LlmosException ? exception.Message : $"The turn failed: {exception.Message}";
            if (!IsPassing(exception))
            {
                LogTurnFailed(_logger, exception, Pid, message.MessageId);
                return Failure(message, exception, text);
            }

            var failed = Record.Retries.TryGetValue(message.MessageId, out var retry) ? retry.Failed + 1 : 1;
            if (_retry.DelayAfter(failed, message.MessageId) is not { } delay)
            {
                LogTurnFailed(_logger, exception, Pid, message.MessageId);
                return Failure(message, exception, $"{text.TrimEnd('.')} (given up after {failed} attempts).");
            }

            LogRetry(_logger, exception, Pid, message.MessageId, failed, delay);
            KernelMetrics.Retried();
            Record.Retries[message.MessageId] = new TurnRetry(failed, _time.GetUtcNow() + delay);
            _mailbox.Hold(message.MessageId, _clock.Now + delay);
            ChargeTokens(_lostTokens);
            _lostTokens = 0;
            TellInterrupted(message.MessageId, text);
            return null;
        }
    }

    private static bool IsPassing(Exception exception) =>
        exception is LlmosException { Code: LlmosErrorCode.Unavailable } or SiloUnavailableException or TimeoutException or OrleansMessageRejectionException
            or EnumerationAbortedException;

    // A process of a run cannot go on without its answer; any other tells who asked and waits for the next message.
    private TurnResult Failure(VmpMessage message, Exception exception, string text) => new(
        Pcb.Group.Length > 0 || Spec.Restart != RestartPolicy.Never ? new TurnOutcome { Exit = ExitReason.Faulted(text) } : TurnOutcome.Nothing,
        new TurnFailure(new DeadLetter(message.MessageId, DeliveryState.Dropped, text), CodeOf(exception), (exception as LlmosException)?.Argument));

    private static LlmosErrorCode CodeOf(Exception exception) =>
        exception is LlmosException known ? known.Code : IsPassing(exception) ? LlmosErrorCode.Unavailable : LlmosErrorCode.Internal;

    private async Task CommitAsync(VmpMessage message, TurnResult result)
    {
        var outcome = result.Outcome;

        // From here to the write nothing awaits, so that every write has all of this or none.
        var isItsModel = Spec.Model == _turnModel;
        ChargeTokens(outcome.PromptTokens + NotCharged(message.MessageId, outcome.CompletionTokens) + _lostTokens);
        (_lostTokens, _attemptTokens) = (0, 0);
        outcome = EndAtTokenCap(outcome);
        if (outcome.Exit is { Kind: ExitKind.Fault } fault && TryRestart(fault))
        {
            await CommitRestartAsync(message.MessageId, fault);
            return;
        }

        CloseScript();
        Record.FailuresInARow = 0;
        Record.Pcb = Pcb with
        {
            State = ProcessState.Blocked,
            BlockedOn = BlockReason.Receive,
            PromptTokens = Pcb.PromptTokens + outcome.PromptTokens,
            CompletionTokens = Pcb.CompletionTokens + outcome.CompletionTokens,
            CpuTime = Pcb.CpuTime + outcome.EngineTime,
            Turns = Pcb.Turns + 1,
            ContextFaults = Pcb.ContextFaults + (outcome.ContextFault ? 1 : 0),
            Paging = Pcb.Paging + outcome.Paging,
            Context = outcome.WindowLength == 0 ? Pcb.Context : Pcb.Context with
            {
                CurrentLength = outcome.ContextLength,
                MaxLength = isItsModel ? outcome.WindowLength : Pcb.Context.MaxLength,
            },
            Model = outcome.Model.Length > 0 && isItsModel ? outcome.Model : Pcb.Model,
        };
        _mailbox.Remove(message.MessageId);
        Record.Retries.Remove(message.MessageId);
        if (result.Failure is { } failure)
        {
            Bury(message, failure.Letter, failure.Code, failure.Argument);
        }
        else
        {
            Consume(message);
        }

        for (var i = 0; i < outcome.Outgoing.Length; i++)
        {
            var sent = Stamp(outcome.Outgoing[i], MessageIds.Derive(message.MessageId, Pid, i));
            Post(sent);
            if (outcome.AwaitAcks && sent.RequiresAck)
            {
                Record.Unacknowledged.Add(sent.MessageId);
                Record.AcknowledgedBy[sent.MessageId] = sent.To;
            }
        }

        if (Record.Unacknowledged.Count > 0)
        {
            Record.Pcb = Pcb with { BlockedOn = BlockReason.Ack };
            WatchAcknowledgements();
        }

        var exit = outcome.Exit ?? LifetimeLimit.Reached(Spec, Pcb.Turns, Record.Meter, Age);
        if (exit is { Kind: ExitKind.Exit } && TryRestart(exit))
        {
            exit = null;
        }

        var dropped = exit is not null ? End(exit) : [];
        await SaveAsync();
        ReportSpending();
        _outputs.Add(ProcessOutputKind.TurnCommitted, message.MessageId, "", outcome.CompletionTokens);
        if (exit is not null)
        {
            await SettleAsync(CancellationToken.None);
            await AfterEndAsync(dropped);
        }
    }

    private void SetState(ProcessState to, BlockReason reason = BlockReason.None)
    {
        if (Pcb.State != to && ProcessTransitions.IsAllowed(Pcb.State, to) && Pcb.State != ProcessState.Suspended)
        {
            Record.Pcb = Pcb with { State = to, BlockedOn = reason };
            ShowState();
        }
    }

    private void ChargeTokens(long tokens)
    {
        AdvanceSlice();
        Record.Meter += tokens;
        Record.Pcb = Pcb with { Budget = Pcb.Budget with { Consumed = Pcb.Budget.Consumed + tokens } };
    }

    private void AdvanceSlice()
    {
        var (budget, start) = SliceNow;
        Record.SliceStartedAt = start;
        Record.Pcb = Pcb with { Budget = budget };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid}: attempt {Failed} at message {MessageId} met a passing fault; the next one is in {Delay}.")]
    private static partial void LogRetry(ILogger logger, Exception exception, long pid, Guid messageId, int failed, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Pid}: the turn for message {MessageId} failed.")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, long pid, Guid messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Pid} stopped handling messages until it is activated again.")]
    private static partial void LogPumpStopped(ILogger logger, Exception exception, long pid);
}
