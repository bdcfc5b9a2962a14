using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Telemetry;
using Microsoft.Extensions.Logging;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace LLMOS.Kernel.Processes;

// The mailbox: what comes in, the room that is kept for it, and what becomes of it that is never handled.
public sealed partial class ProcessGrain
{
    // So long a claim is believed; after it the log is asked whether the message was sent at all.
    private static readonly TimeSpan ClaimIsFresh = TimeSpan.FromSeconds(10);

    private TaskCompletionSource? _freed;
    private IGrainTimer? _expiry;
    private DateTimeOffset? _expiresAt;

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        ArgumentNullException.ThrowIfNull(handleFactory);
        return handleFactory.Create<VmpMessage>().ResumeAsync(OnMessageAsync);
    }

    public async Task<MailboxAdmission> AdmitAsync(MailboxClaim claim, TimeSpan wait, CancellationToken cancellationToken)
    {
        var deadline = _clock.Now + wait;
        while (true)
        {
            if (HasEnded)
            {
                return Admission(Record.Pcb is null ? MailboxVerdict.Unknown : MailboxVerdict.Ended);
            }

            var now = _clock.Now;
            if (_bound.TryClaim(_mailbox, claim, now) || (await ForgetLostClaimsAsync(now) && _bound.TryClaim(_mailbox, claim, now)))
            {
                return Admission(MailboxVerdict.Admitted);
            }

            if (deadline - now is var left && (left <= TimeSpan.Zero || _isLeaving))
            {
                return Admission(MailboxVerdict.Full);
            }

            _freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await Task.WhenAny(_freed.Task, _left.Task).WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // The last look is above.
            }
        }
    }

    private async Task LoadMailboxAsync(CancellationToken cancellationToken)
    {
        var acknowledged = false;
        List<VmpMessage> answers = [];
        foreach (var logged in await _log.PendingAsync(Pid, cancellationToken))
        {
            if (!IsDoneWith(logged.Message.MessageId))
            {
                if (TakeAcknowledgement(logged.Message))
                {
                    acknowledged = true;
                }
                else if (CauseOf(logged.Message) is not null)
                {
                    answers.Add(logged.Message);
                }
                else
                {
                    Receive(logged.Message);
                }
            }
        }

        // Whether a turn waits for one is known when its message is there.
        answers.ForEach(answer => TakeAnswer(answer));
        if (acknowledged)
        {
            await SaveAsync();
        }

        ScheduleExpiry();
    }

    // Inference has no place here: a stream's delivery must return at once.
    private async Task OnMessageAsync(VmpMessage message, StreamSequenceToken? token)
    {
        _bound.Release(message.MessageId);
        if (IsDoneWith(message.MessageId))
        {
            return;
        }

        if (HasEnded)
        {
            await RefuseAsync([message]);
            return;
        }

        // A stream delivers at least once; the log knows whether this one is done with.
        if (await _log.GetStateAsync(Pid, message.MessageId) >= DeliveryState.Consumed || IsDoneWith(message.MessageId))
        {
            return;
        }

        if (HasEnded)
        {
            await RefuseAsync([message]);
        }
        else if (TakeAcknowledgement(message))
        {
            await SaveAsync();
            Wake();
        }
        else if (TakeAnswer(message))
        {
            _arrived?.TrySetResult();
            _arrived = null;
            Wake();
        }
        else if (Receive(message))
        {
            _arrived?.TrySetResult();
            _arrived = null;
            ScheduleExpiry();
            Wake();
        }
    }

    private bool IsDoneWith(Guid messageId) =>
        Record.Consumed.Contains(messageId) || Record.Dead.Exists(letter => letter.MessageId == messageId);

    private bool Receive(VmpMessage message) => _mailbox.Add(
        message,
        Record.Retries.TryGetValue(message.MessageId, out var retry) ? Earlier(_clock.Of(retry.NotBefore), _clock.Now + _options.LongestRetryDelay) : default,
        message.Deadline is { } deadline ? _clock.Of(deadline) : null);

    /// <summary>Ends a wait for an acknowledgement. A good one is done with; one that brings an error is a message of its own.</summary>
    private bool TakeAcknowledgement(VmpMessage message)
    {
        if (VmpHeaders.AcknowledgedBy(message) is not { } acknowledged || !Forget(acknowledged))
        {
            return false;
        }

        if (VmpHeaders.ErrorOf(message) is null)
        {
            KernelMetrics.Acknowledged();
            Record.Consumed.Add(message.MessageId);
        }
        else
        {
            Receive(message);
        }

        return true;
    }

    /// <summary>A message need not be acknowledged any more.</summary>
    private bool Forget(Guid message)
    {
        if (!Record.Unacknowledged.Remove(message))
        {
            return false;
        }

        Record.AcknowledgedBy.Remove(message);
        EndWait(message);
        if (Record.Unacknowledged.Count == 0 && Pcb is { State: ProcessState.Blocked, BlockedOn: BlockReason.Ack })
        {
            Record.Pcb = Pcb with { BlockedOn = BlockReason.Receive };
        }

        return true;
    }

    /// <summary>In memory, the message is handled: the caller writes it, with what it did.</summary>
    private void Consume(VmpMessage message)
    {
        Close(message.MessageId);
        if (IsRequest(message.MessageId))
        {
            return;
        }

        Record.Consumed.Add(message.MessageId);
        if (message.RequiresAck)
        {
            Record.Outbox.Add(Notices.Acknowledge(message, _time.GetUtcNow()));
        }
    }

    /// <summary>A message leaves the mailbox, and what others lend and have answered for it goes with it.</summary>
    private void Close(Guid message)
    {
        _mailbox.Remove(message);
        SignalRoom();
        DropAnswers(message);
        SettleLoans(message);
    }

    /// <summary>In memory, the message will never be handled, and its sender is told so: the caller writes it.</summary>
    private void Bury(VmpMessage message, DeadLetter letter, LlmosErrorCode code, string? argument = null)
    {
        Close(message.MessageId);
        Record.Retries.Remove(message.MessageId);
        if (!IsRequest(message.MessageId))
        {
            Record.Dead.Add(letter);
            KernelMetrics.Dead(letter.State);
        }

        foreach (var notice in RefusalOf(message, code, letter.Reason, argument))
        {
            Post(notice);
        }
    }

    /// <summary>What a process that has ended, or never was, does with messages: dead letters, and a word to their senders.</summary>
    private async Task RefuseAsync(IReadOnlyList<VmpMessage> messages)
    {
        if (messages.Count == 0)
        {
            return;
        }

        var (code, reason) = Record.Pcb is { } ended
            ? (LlmosErrorCode.FailedPrecondition, $"Process {Pid} ({ended.Name}) ended before it handled the message: {ended.Exit?.Text.TrimEnd('.')}.")
            : (LlmosErrorCode.NotFound, $"There is no process {Pid}: 'ps' lists those there are.");
        foreach (var message in messages)
        {
            LogDropped(_logger, message.MessageId, message.From, Pid, reason);

            // What is told has an id that follows from the message's, so it may be told again after a crash.
            foreach (var notice in RefusalOf(message, code, reason))
            {
                await PublishAsync(notice);
            }
        }

        KernelMetrics.Dead(DeliveryState.Dropped, messages.Count);
        await _log.MarkDeadAsync(Pid, [.. messages.Select(message => new DeadLetter(message.MessageId, DeliveryState.Dropped, reason))]);
    }

    // Who asked a process of a run hears from the run itself.
    private IEnumerable<VmpMessage> RefusalOf(VmpMessage message, LlmosErrorCode code, string reason, string? argument = null) =>
        Record.Pcb is { Group.Length: > 0 } ? [] : Notices.Refuse(message, code, reason, _time.GetUtcNow(), argument);

    /// <summary>Turns messages whose deadlines have passed into dead letters, the one that is being handled too.</summary>
    private async Task ExpireAsync()
    {
        if (HasEnded || _abandoned)
        {
            return;
        }

        var expired = _mailbox.TakeExpired(_clock.Now);
        foreach (var message in expired)
        {
            var reason = $"Process {Pid} ({Pcb.Name}) did not handle the message before its deadline, {message.Deadline:O}; it was {StateText()}.";
            if (message.MessageId == _handled?.MessageId)
            {
                _turn?.Cancel();
            }

            Bury(message, new DeadLetter(message.MessageId, DeliveryState.Expired, reason), LlmosErrorCode.DeadlineExceeded);
        }

        if (expired.Count > 0)
        {
            await SaveAsync();
            Wake();
        }

        ScheduleExpiry();
    }

    private string StateText() => Pcb.State == ProcessState.Blocked ? $"BLOCKED on {Pcb.BlockedOn}" : Pcb.State.ToString().ToUpperInvariant();

    /// <summary>Sees to it that a deadline is noticed when it passes, whatever the process does then.</summary>
    private void ScheduleExpiry()
    {
        if (_mailbox.NextDeadline is not { } deadline || deadline == _expiresAt || !_options.DeliverMessages || _abandoned)
        {
            return;
        }

        var left = deadline - _clock.Now;
        var due = left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left : LongestTimer;
        _expiresAt = deadline;
        _expiry?.Dispose();
        DelayDeactivation(due + TimeSpan.FromMinutes(1));
        _expiry = this.RegisterGrainTimer(
            async _ =>
            {
                _expiresAt = null;
                await ExpireAsync();
            },
            new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
    }

    private void SignalRoom()
    {
        _freed?.TrySetResult();
        _freed = null;
    }

    /// <summary>Gives up room that is kept for messages which were never sent, or came and are done with.</summary>
    private async Task<bool> ForgetLostClaimsAsync(DateTimeOffset now)
    {
        var forgotten = false;
        foreach (var id in _bound.ClaimedBefore(now - ClaimIsFresh))
        {
            if (await _log.GetStateAsync(Pid, id) is null or >= DeliveryState.Consumed)
            {
                forgotten |= _bound.Release(id);
            }
            else
            {
                _bound.Confirm(id, now);
            }
        }

        return forgotten;
    }

    private MailboxAdmission Admission(MailboxVerdict verdict) => new(
        verdict,
        Record.Pcb?.Name ?? "",
        _mailbox.Count + _bound.Claims,
        _mailbox.Bytes + _bound.ClaimedBytes,
        _bound.MaxMessages,
        _bound.MaxBytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} from {From} to {Pid} was dropped: {Reason}")]
    private static partial void LogDropped(ILogger logger, Guid messageId, long from, long pid, string reason);
}
