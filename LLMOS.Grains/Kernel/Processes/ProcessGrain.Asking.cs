using System.Globalization;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Processes;

// Asking another process in the middle of a turn. The answer waits apart from the mailbox until the turn is committed.
public sealed partial class ProcessGrain
{
    // The numbers of a turn's effects, see MessageIds.Derive: questions have these, outgoing messages count from 0.
    private const int FirstQuestion = 10_000;
    private const int QuestionsInAttempt = 10_000;
    private const int DeadlockNotice = -4;
    private const int RoomWait = -5;

    private const string QuestionPrefix = "turn/";

    // Past a deadline the other says so itself; who hears nothing of that does not wait for ever.
    private static readonly TimeSpan DeadlineGrace = TimeSpan.FromSeconds(3);

    // Answers to questions of turns that are not committed, by who was asked and the correlation id.
    private readonly Dictionary<(long From, string Correlation), VmpMessage> _answers = [];

    private async Task<VmpMessage> AskAsync(VmpMessage cause, int number, OutgoingMessage question, CancellationToken cancellationToken)
    {
        if (question.To == Pid)
        {
            throw LlmosException.Refused($"Process {Pid} ({Pcb.Name}) cannot ask itself and wait for the answer: ask another process.");
        }

        // A turn that is run again asks under the same ids, so that the other sees one question; one that failed asks anew.
        var failed = Record.FailuresInARow + (Record.Retries.TryGetValue(cause.MessageId, out var retry) ? retry.Failed : 0);
        number += failed * QuestionsInAttempt;
        MessageRules.Validate(question, _vectors.Dimension, _time.GetUtcNow());
        var sent = Stamp(question, MessageIds.Derive(cause.MessageId, Pid, FirstQuestion + number)) with { CorrelationId = CorrelationOf(cause.MessageId, number) };
        SetState(ProcessState.Blocked, BlockReason.Response);
        try
        {
            if (!_answers.TryGetValue((sent.To, sent.CorrelationId), out var answer))
            {
                await SendQuestionAsync(sent, cancellationToken);
                answer = await AwaitAnswerAsync(sent, cancellationToken);
            }

            return VmpHeaders.ErrorOf(answer) is { } error
                ? throw new LlmosException(error.Code, $"Process {sent.To} could not answer: {error.Message}")
                : answer;
        }
        finally
        {
            SetState(ProcessState.Running);
        }
    }

    private async Task SendQuestionAsync(VmpMessage question, CancellationToken cancellationToken)
    {
        while (true)
        {
            var admission = await TryAdmitAsync(question, TimeSpan.Zero, cancellationToken);
            if (admission?.Verdict is MailboxVerdict.Full or null && !_overBound.Remove(question.MessageId))
            {
                await AwaitRoomAsync(question, cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            if (admission is { Verdict: not MailboxVerdict.Full })
            {
                Admissions.Ensure(question.To, admission);
            }

            await PublishAsync(question);
            return;
        }
    }

    private async Task<VmpMessage> AwaitAnswerAsync(VmpMessage question, CancellationToken cancellationToken)
    {
        var wait = BeginWait(question.MessageId, WaitKind.Response, question.To, question.MessageId.ToString());
        var giveUp = question.Deadline is { } deadline ? _clock.Of(deadline) + DeadlineGrace : default(DateTimeOffset?);
        try
        {
            while (true)
            {
                if (_answers.TryGetValue((question.To, question.CorrelationId), out var answer))
                {
                    return answer;
                }

                if (wait.GivenUp.Task.IsCompleted)
                {
                    await wait.GivenUp.Task;
                }

                _arrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var left = giveUp - _clock.Now ?? Timeout.InfiniteTimeSpan;
                if (giveUp is not null && left <= TimeSpan.Zero)
                {
                    throw new LlmosException(
                        LlmosErrorCode.DeadlineExceeded, $"Process {question.To} did not answer process {Pid} ({Pcb.Name}) by {question.Deadline:O}: allow it more time.");
                }

                try
                {
                    await Task.WhenAny(_arrived.Task, wait.GivenUp.Task).WaitAsync(left, _time, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // The last look is above.
                }
            }
        }
        finally
        {
            EndWait(wait.Id);
        }
    }

    /// <summary>Keeps an answer for the turn that asked; one that no turn waits for any more is done with.</summary>
    /// <returns>Whether the message is such an answer, and none for the program.</returns>
    private bool TakeAnswer(VmpMessage message)
    {
        if (CauseOf(message) is not { } cause)
        {
            return false;
        }

        var key = (message.From, message.CorrelationId);
        if (_mailbox.Contains(cause))
        {
            _answers.TryAdd(key, message);
        }

        if (_answers.GetValueOrDefault(key)?.MessageId != message.MessageId)
        {
            Record.Consumed.Add(message.MessageId);
        }

        return true;
    }

    /// <summary>In memory, what came in answer to a turn's questions is done with, as its message is.</summary>
    private void DropAnswers(Guid cause)
    {
        if (_answers.Count == 0)
        {
            return;
        }

        foreach (var (key, answer) in _answers.Where(answer => CauseOf(answer.Value) == cause).ToArray())
        {
            _answers.Remove(key);
            Record.Consumed.Add(answer.MessageId);
        }
    }

    private static string CorrelationOf(Guid cause, int number) => string.Create(CultureInfo.InvariantCulture, $"{QuestionPrefix}{cause:N}/{number}");

    /// <summary>The message whose turn asked the question that a message answers; null when it answers none.</summary>
    private static Guid? CauseOf(VmpMessage message)
    {
        if (message.MessageType != VmpMessageType.Response || !message.CorrelationId.StartsWith(QuestionPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = message.CorrelationId.AsSpan(QuestionPrefix.Length);
        return rest.IndexOf('/') is > 0 and var end && Guid.TryParseExact(rest[..end], "N", out var cause) ? cause : null;
    }
}
