using System.Collections.Immutable;
using LLMOS.Kernel.Processes;
using Orleans.Concurrency;

namespace LLMOS.Kernel.Messaging;

/// <summary>Reads the log for those who have no store of their own, and sends dead letters again.</summary>
[StatelessWorker]
public sealed class MessageLogGrain(IMessageLog log, TimeProvider time) : Grain, IMessageLogGrain
{
    public async Task<ImmutableArray<LoggedMessage>> QueryAsync(MessageQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.Limit is > 0 and <= 100_000
            ? [.. await log.QueryAsync(query)]
            : throw LlmosException.InvalidArgument($"A limit of {query.Limit} messages is outside 1 to 100000.");
    }

    public async Task<VmpMessage> ReplayAsync(long sequence, long? to)
    {
        var letter = await log.FindAsync(sequence)
            ?? throw LlmosException.NotFound($"sequence: there is no message {sequence} in the log; llmos dead lists the dead letters.");
        if (letter.State < DeliveryState.Expired)
        {
            throw LlmosException.Refused(
                $"sequence: message {sequence} is {letter.State.ToString().ToUpperInvariant()} and no dead letter; only those that expired or were dropped are sent again.");
        }

        var old = letter.Message;
        var now = time.GetUtcNow();
        var recipient = to ?? old.To;
        var message = old with
        {
            MessageId = MessageIds.Replay(old.MessageId, old.To, recipient),
            To = recipient,
            Group = "",
            Timestamp = now,
            Deadline = old.Deadline > now ? old.Deadline : null,

            // A sender waits for the answer to the message it sent.
            CorrelationId = old.CorrelationId.Length > 0 ? old.CorrelationId : old.MessageId.ToString(),
            Headers = old.Headers.SetItem(VmpHeaders.CauseName, old.MessageId.ToString()),
        };
        var admission = await GrainFactory.GetGrain<IProcessGrain>(recipient)
            .AdmitAsync(new MailboxClaim(message.MessageId, MessageSize.Of(message)), TimeSpan.Zero, CancellationToken.None);
        Admissions.Ensure(recipient, admission);
        await this.GetStreamProvider(VmpStreams.Provider).GetStream<VmpMessage>(VmpStreamIds.Mailbox(recipient)).OnNextAsync(message);
        await log.MarkReplayedAsync(sequence, message.MessageId);
        return message;
    }
}
