using System.Diagnostics;
using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Resources;
using Microsoft.Extensions.Logging;

namespace LLMOS.Kernel.Processes;

// The turns: one message after the other through the program, and the commit of each.
public sealed partial class ProcessGrain
{
    // A part that is away for a moment, such as a silo that is being replaced, is waited for.
    private static readonly TimeSpan[] RetryAfter =
        [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)];

    private CancellationTokenSource? _turn;
    private bool _pumping;
    private bool _abandoned;

    // Tokens of the attempt under way, and of those that came to nothing: they were computed, so they are charged.
    private long _attemptTokens;
    private long _lostTokens;

    /// <summary>Runs the turns for what waits, beside the calls of the grain, until nothing does.</summary>
    private void Wake()
    {
        if (_pumping || _abandoned || !_options.DeliverMessages || (_mailbox.Count == 0 && Record.Outbox.Count == 0 && Record.Consumed.Count == 0))
        {
            return;
        }

        _pumping = true;
        IGrainTimer? timer = null;
        timer = this.RegisterGrainTimer(
            async stopping =>
            {
                try
                {
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
                    _pumping = false;
                    timer!.Dispose();
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private async Task PumpAsync(CancellationToken stopping)
    {
        await SettleAsync();
        while (!stopping.IsCancellationRequested && !HasEnded && Pcb.State != ProcessState.Suspended && Pcb.Program != ProcessPrograms.Mailbox
            && _mailbox.Peek(MessageFilter.Any) is { } message)
        {
            await HandleAsync(message, stopping);
            await ReleaseFormerModelsAsync();
            await SettleAsync();
        }
    }

    private async Task HandleAsync(VmpMessage message, CancellationToken stopping)
    {
        SetState(ProcessState.Running);
        _outputs.Add(ProcessOutputKind.TurnStarted, message.MessageId);
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _turn = turn;
        TurnOutcome outcome;
        try
        {
            outcome = await RunProgramAsync(message, turn.Token);
        }
        catch (OperationCanceledException) when (turn.IsCancellationRequested || _silo.CurrentStatus.IsTerminating())
        {
            await UndoAsync(message);
            return;
        }
        finally
        {
            _turn = null;
        }

        if (HasEnded || Pcb.State == ProcessState.Suspended)
        {
            await UndoAsync(message);
            return;
        }

        await CommitAsync(message, outcome);
    }

    /// <summary>The turn did not come to its commit: it will run again, and what it spent is spent.</summary>
    private async Task UndoAsync(VmpMessage message)
    {
        _outputs.Add(ProcessOutputKind.TurnRestarted, message.MessageId);
        var spent = _lostTokens + _attemptTokens;
        (_lostTokens, _attemptTokens) = (0, 0);
        if (spent > 0 && !HasEnded && !_abandoned)
        {
            ChargeTokens(spent);
            await SaveAsync();
        }
    }

    private async Task<TurnOutcome> RunProgramAsync(VmpMessage message, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            _turnModel = Spec.Model;
            try
            {
                return await _programs.Get(Pcb.Program).RunAsync(new Turn(this, message), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception) when (attempt < RetryAfter.Length && IsPassing(exception) && !_silo.CurrentStatus.IsTerminating())
            {
                LogRetry(_logger, exception, Pid, message.MessageId);
                (_lostTokens, _attemptTokens) = (_lostTokens + _attemptTokens, 0);
                SetState(ProcessState.Running);
                _outputs.Add(ProcessOutputKind.TurnRestarted, message.MessageId, exception.Message);
                await Task.Delay(RetryAfter[attempt], _time, cancellationToken);
            }
            catch (Exception exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_silo.CurrentStatus.IsTerminating())
                {
                    // What fails while the silo goes down says nothing of the turn: it runs again in the next life.
                    throw new OperationCanceledException("The silo is going down.", exception);
                }

                LogTurnFailed(_logger, exception, Pid, message.MessageId);
                (_lostTokens, _attemptTokens) = (_lostTokens + _attemptTokens, 0);
                return Failure(message, exception is LlmosException ? exception.Message : $"The turn failed: {exception.Message}");
            }
        }
    }

    private static bool IsPassing(Exception exception) =>
        exception is LlmosException { Code: LlmosErrorCode.Unavailable } or SiloUnavailableException or TimeoutException or OrleansMessageRejectionException;

    // A process of a run cannot go on without its answer; any other tells who asked and waits for the next message.
    private TurnOutcome Failure(VmpMessage message, string text) => Pcb.Group.Length > 0
        ? new TurnOutcome { Exit = ExitReason.Faulted(text) }
        : new TurnOutcome
        {
            Outgoing = message.MessageType == VmpMessageType.Request ? [Responses.To(message, text, VmpHeaders.Error(text))] : [],
        };

    private async Task CommitAsync(VmpMessage message, TurnOutcome outcome)
    {
        // From here to the write nothing awaits, so that every write has all of this or none.
        var isItsModel = Spec.Model == _turnModel;
        ChargeTokens(outcome.PromptTokens + outcome.CompletionTokens + _lostTokens);
        (_lostTokens, _attemptTokens) = (0, 0);
        Record.Pcb = Pcb with
        {
            State = ProcessState.Blocked,
            BlockedOn = BlockReason.Receive,
            PromptTokens = Pcb.PromptTokens + outcome.PromptTokens,
            CompletionTokens = Pcb.CompletionTokens + outcome.CompletionTokens,
            CpuTime = Pcb.CpuTime + outcome.EngineTime,
            Turns = Pcb.Turns + 1,
            ContextFaults = Pcb.ContextFaults + (outcome.ContextFault ? 1 : 0),
            Context = outcome.WindowLength == 0 ? Pcb.Context : Pcb.Context with
            {
                CurrentLength = outcome.ContextLength,
                MaxLength = isItsModel ? outcome.WindowLength : Pcb.Context.MaxLength,
            },
            Model = outcome.Model.Length > 0 && isItsModel ? outcome.Model : Pcb.Model,
        };
        _mailbox.Remove(message.MessageId);
        Record.Consumed.Add(message.MessageId);
        for (var i = 0; i < outcome.Outgoing.Length; i++)
        {
            Record.Outbox.Add(Stamp(outcome.Outgoing[i], MessageIds.Derive(message.MessageId, Pid, i)));
        }

        var dropped = outcome.Exit is { } exit ? End(exit) : [];
        await SaveAsync();
        _outputs.Add(ProcessOutputKind.TurnCommitted, message.MessageId, "", outcome.CompletionTokens);
        if (outcome.Exit is not null)
        {
            await SettleAsync();
            await AfterEndAsync(dropped);
        }
    }

    /// <summary>
    /// Tells the log what is committed: messages to send, then messages consumed. What it has is forgotten here, and
    /// the next write of the state forgets it for good; until then saying it again changes nothing.
    /// </summary>
    private async Task SettleAsync()
    {
        while (Record.Outbox.Count > 0)
        {
            await PublishAsync(Record.Outbox[0]);
            Record.Outbox.RemoveAt(0);
        }

        if (Record.Consumed.Count > 0)
        {
            Guid[] consumed = [.. Record.Consumed];
            await _log.MarkConsumedAsync(Pid, consumed);
            Record.Consumed.ExceptWith(consumed);
        }
    }

    private Task PublishAsync(VmpMessage message) =>
        this.GetStreamProvider(VmpStreams.Provider).GetStream<VmpMessage>(VmpStreamIds.Mailbox(message.To)).OnNextAsync(message);

    private VmpMessage Stamp(OutgoingMessage message, Guid id) => new()
    {
        MessageId = id,
        From = Pid,
        To = message.To,
        MessageType = message.MessageType,
        Payload = message.Payload,
        Vector = message.Vector.Length > 0 ? message.Vector : _vectors.Embed(message.Payload),
        Priority = message.Priority ?? Pcb.Priority,
        Timestamp = _time.GetUtcNow(),
        CorrelationId = message.CorrelationId,
        Deadline = message.Deadline,
        TraceParent = Activity.Current?.Id ?? "",
        Headers = message.Headers,
    };

    private void SetState(ProcessState to, BlockReason reason = BlockReason.None)
    {
        if (Pcb.State != to && ProcessTransitions.IsAllowed(Pcb.State, to) && Pcb.State != ProcessState.Suspended)
        {
            Record.Pcb = Pcb with { State = to, BlockedOn = reason };
        }
    }

    private void ChargeTokens(long tokens)
    {
        var (budget, start) = BudgetSlice.At(Pcb.Budget, Record.SliceStartedAt, Spec.BudgetSlice, _time.GetUtcNow());
        Record.SliceStartedAt = start;
        Record.Pcb = Pcb with { Budget = budget with { Consumed = budget.Consumed + tokens } };
    }

    /// <summary>Ends the process in memory; the caller writes it.</summary>
    /// <returns>The messages that nobody will handle now.</returns>
    private IReadOnlyList<Guid> End(ExitReason reason)
    {
        ProcessTransitions.Ensure(Pid, Pcb.State, ProcessState.Terminated);
        Record.Pcb = Pcb with
        {
            State = ProcessState.Terminated,
            BlockedOn = BlockReason.None,
            Exit = reason,
            EndedAt = _time.GetUtcNow(),
        };
        if (Pcb.Kind != ProcessKind.System)
        {
            Record.Outbox.Add(Stamp(
                new OutgoingMessage
                {
                    To = WellKnownPids.Logger,
                    MessageType = VmpMessageType.Notification,
                    Payload = $"{Pcb.Name} ({Pid}) ended with code {reason.Code}: {reason.Text}",
                    CorrelationId = Pcb.Group,
                },
                MessageIds.OfName($"process/{Pid}/ended")));
        }

        _turn?.Cancel();
        var dropped = _mailbox.Clear();
        _arrived?.TrySetResult();
        return dropped;
    }

    private async Task AfterEndAsync(IReadOnlyList<Guid> dropped)
    {
        _outputs.Add(ProcessOutputKind.Ended, Guid.Empty, Pcb.Exit!.Text);
        _outputs.Close();
        if (dropped.Count > 0)
        {
            await _log.MarkConsumedAsync(Pid, dropped);
        }

        await GrainFactory.GetGrain<IProcessTableSegmentGrain>(Pid / IProcessTableSegmentGrain.BlockSize).ReapAsync(Pcb);
        await _programs.Get(Pcb.Program).OnStoppedAsync(Pcb, Spec, GrainFactory);
        _ended.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Process {Pid}: the turn for message {MessageId} met a passing fault and starts again.")]
    private static partial void LogRetry(ILogger logger, Exception exception, long pid, Guid messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Pid}: the turn for message {MessageId} failed.")]
    private static partial void LogTurnFailed(ILogger logger, Exception exception, long pid, Guid messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Process {Pid} stopped handling messages until it is activated again.")]
    private static partial void LogPumpStopped(ILogger logger, Exception exception, long pid);

    private sealed class Turn(ProcessGrain grain, VmpMessage message) : ITurn
    {
        public ProcessControlBlock Process => grain.Pcb;

        public ProcessSpec Spec => grain.Spec;

        public VmpMessage Message => message;

        // By the number of the turn: it stays the same until the turn is committed, and the same seed tells the same
        // story in another run, whose messages have other ids.
        public ulong Seed { get; } = TurnSeed.Derive(
            grain.Record.Seed, MessageIds.OfName(string.Create(CultureInfo.InvariantCulture, $"turn/{grain.Pcb.Turns}")));

        public IGrainFactory Grains => grain.GrainFactory;

        public DateTimeOffset Now => grain._time.GetUtcNow();

        public async Task<long> AwaitBudgetAsync(long needed, CancellationToken cancellationToken)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var now = grain._time.GetUtcNow();
                var (budget, start) = BudgetSlice.At(grain.Pcb.Budget, grain.Record.SliceStartedAt, Spec.BudgetSlice, now);
                if (budget.Remaining >= needed || Spec.HardCap)
                {
                    grain.SetState(ProcessState.Running);
                    return budget.Remaining;
                }

                grain.SetState(ProcessState.Blocked, BlockReason.Budget);
                var left = start + Spec.BudgetSlice - now;
                grain._outputs.Add(ProcessOutputKind.StateChanged, message.MessageId,
                    $"{budget.Remaining} of its {budget.Allocated} tokens are left and it needs {needed}; the next slice begins in {Math.Ceiling(left.TotalSeconds):0} s");
                await Task.Delay(left, grain._time, cancellationToken);
            }
        }

        public void BeginThinking() => grain.SetState(ProcessState.Thinking);

        public void EndThinking() => grain.SetState(ProcessState.Running);

        public void Spend(long tokens) => grain._attemptTokens += tokens;

        public void Show(string text, int tokens) => grain._outputs.Add(ProcessOutputKind.Text, message.MessageId, text, tokens);
    }
}
