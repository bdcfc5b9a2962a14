using System.Collections.Immutable;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client;

/// <summary>The message bus: acknowledgements, dead letters, multicast groups and broadcasts.</summary>
public sealed partial class LlmosClient
{
    /// <summary>
    /// Sends a message from a process that runs the <see cref="ProcessPrograms.Mailbox"/> program and waits until the turn
    /// that handles it is committed.
    /// </summary>
    /// <param name="from">The sender, such as <see cref="WellKnownPids.Console"/>.</param>
    /// <param name="message">The message; it becomes one that requires an acknowledgement.</param>
    /// <param name="timeout">How long to wait. The message's deadline is set to it where it has none.</param>
    /// <param name="cancellationToken">Stops waiting; the message stays sent.</param>
    /// <returns>The message as it was logged.</returns>
    /// <exception cref="LlmosException">
    /// It could not be sent, it will never be handled, or it was not in time (<see cref="LlmosErrorCode.DeadlineExceeded"/>).
    /// </exception>
    public async Task<VmpMessage> SendAndAwaitAckAsync(
        long from, OutgoingMessage message, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (timeout <= TimeSpan.Zero)
        {
            throw LlmosException.InvalidArgument($"timeout: {timeout} leaves no time for an acknowledgement; give a positive one.");
        }

        var sent = await SendAsync(from, message with { RequiresAck = true, Deadline = message.Deadline ?? DateTimeOffset.UtcNow + timeout });
        var filter = new MessageFilter { From = sent.To, CorrelationId = sent.MessageId.ToString(), MessageType = VmpMessageType.Notification };
        var acknowledgement = await ReceiveAsync(from, filter, timeout + DeadlineGrace, cancellationToken) ?? throw new LlmosException(
            LlmosErrorCode.DeadlineExceeded,
            $"Process {sent.To} has not acknowledged message {sent.MessageId} within {timeout.TotalSeconds:0.###} s: allow it more time, or see llmos log {sent.To}.");
        return VmpHeaders.ErrorOf(acknowledgement) is { } error ? throw error : sent;
    }

    /// <summary>Dead letters, oldest first: messages that expired or were dropped, each with its reason.</summary>
    /// <param name="pid">Only those that were sent to this process; null for all.</param>
    /// <param name="limit">At most so many, the newest of them.</param>
    public Task<ImmutableArray<LoggedMessage>> ListDeadLettersAsync(long? pid = null, int limit = 100) =>
        QueryMessagesAsync(new MessageQuery { Pid = pid, Limit = limit, DeadOnly = true });

    /// <summary>Sends a dead letter again. A second replay to the same process changes nothing.</summary>
    /// <param name="sequence">The dead letter's place in the log.</param>
    /// <param name="to">Who gets it; null for whom it was sent to.</param>
    /// <returns>The message as it was sent, under its new id.</returns>
    /// <exception cref="LlmosException">There is no such message, it is no dead letter, or its recipient takes none.</exception>
    public Task<VmpMessage> ReplayAsync(long sequence, long? to = null) => Grains.GetGrain<IMessageLogGrain>(0).ReplayAsync(sequence, to);

    /// <summary>Sends a message to all processes that live. It returns when each one's copy is in the durable log.</summary>
    /// <param name="text">The message.</param>
    /// <param name="from">The sender, which has to have the permission BROADCAST.</param>
    /// <exception cref="LlmosException">The sender may not, the text is too long, or there is nobody else.</exception>
    public Task<MulticastReceipt> BroadcastAsync(string text, long from = WellKnownPids.Console)
    {
        ArgumentNullException.ThrowIfNull(text);
        return MulticastAsync(from, new OutgoingMessage { To = 0, Payload = text, MessageType = VmpMessageType.Broadcast });
    }

    /// <summary>Sends a message to the members of a group, or to all: see <see cref="OutgoingMessage.Group"/>.</summary>
    /// <exception cref="LlmosException">The message is wrong, the sender may not, or nobody would hear it.</exception>
    public Task<MulticastReceipt> MulticastAsync(long from, OutgoingMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Process(from).MulticastAsync(message);
    }

    /// <summary>Makes a process a member of a multicast group, which it leaves when it ends.</summary>
    /// <returns>False when it was a member.</returns>
    /// <exception cref="LlmosException">The name is none, there is no such process, or it has ended.</exception>
    public Task<bool> JoinGroupAsync(string group, long pid) => Group(group).JoinAsync(pid);

    /// <returns>False when it was no member.</returns>
    public Task<bool> LeaveGroupAsync(string group, long pid) => Group(group).LeaveAsync(pid);

    /// <summary>The members of a multicast group; empty for one that nobody joined.</summary>
    public Task<ImmutableArray<long>> ListMembersAsync(string group) => Group(group).MembersAsync();

    /// <summary>The multicast groups that have members.</summary>
    public Task<ImmutableArray<string>> ListGroupsAsync() => Grains.GetGrain<IMulticastDirectoryGrain>(0).ListAsync();

    private IMulticastGroupGrain Group(string group)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return Grains.GetGrain<IMulticastGroupGrain>(group);
    }
}
