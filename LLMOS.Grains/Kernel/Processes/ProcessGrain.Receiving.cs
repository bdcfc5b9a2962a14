using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Processes;

// Receiving from outside: of a process that keeps its messages until somebody takes them.
public sealed partial class ProcessGrain
{
    private TaskCompletionSource? _arrived;

    public async Task<VmpMessage?> PeekAsync(MessageFilter filter, TimeSpan wait, CancellationToken cancellationToken)
    {
        EnsureAlive();
        if (Pcb.Program != ProcessPrograms.Mailbox)
        {
            throw LlmosException.Refused(
                $"Process {Pid} ({Pcb.Name}) handles its messages itself; only one that runs '{ProcessPrograms.Mailbox}' keeps them to be received.");
        }

        if (_mailbox.Peek(filter) is { } there)
        {
            return there;
        }

        if (wait <= TimeSpan.Zero)
        {
            return null;
        }

        // Who asked in its name waits for the answer, and the other is to know.
        var answer = Pid >= WellKnownPids.FirstFree && filter is { From: { } from, CorrelationId: { Length: > 0 } about }
            ? BeginWait(Guid.NewGuid(), WaitKind.Response, from, about, blocks: false)
            : null;
        try
        {
            return await PeekAsync(filter, _clock.Now + wait, cancellationToken);
        }
        finally
        {
            if (answer is not null)
            {
                EndWait(answer.Id);
            }
        }
    }

    private async Task<VmpMessage?> PeekAsync(MessageFilter filter, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_mailbox.Peek(filter) is { } message)
            {
                return message;
            }

            var left = deadline - _clock.Now;
            if (left <= TimeSpan.Zero || HasEnded || _left.Task.IsCompleted)
            {
                return null;
            }

            _arrived ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                await Task.WhenAny(_arrived.Task, _left.Task).WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    public async Task<bool> ConsumeAsync(Guid messageId)
    {
        if (_mailbox.Find(messageId) is not { } message)
        {
            return false;
        }

        // From here on a second copy that the stream brings is known, also before the log knows of it.
        Consume(message);
        if (!message.RequiresAck)
        {
            try
            {
                await _log.MarkConsumedAsync(Pid, [messageId]);
            }
            catch
            {
                Record.Consumed.Remove(messageId);
                Receive(message);
                throw;
            }

            Record.Consumed.Remove(messageId);
            return true;
        }

        // The acknowledgement and what it acknowledges are one write.
        await SaveAsync();
        if (_options.DeliverMessages)
        {
            Wake();
        }
        else
        {
            await SettleAsync(CancellationToken.None);
        }

        return true;
    }
}
