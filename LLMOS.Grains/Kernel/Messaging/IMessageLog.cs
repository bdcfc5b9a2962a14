namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The durable log of VMP messages, which is also every mailbox's memory: a message stays in it until its recipient's
/// turn is committed, whatever happens to the silo. A storage provider implements it.
/// </summary>
public interface IMessageLog
{
    /// <summary>Messages to a process that wait to be handled, in the order they were logged.</summary>
    Task<IReadOnlyList<LoggedMessage>> PendingAsync(long pid, CancellationToken cancellationToken = default);

    /// <summary>How far a message to a process came; null when the log does not have it.</summary>
    Task<DeliveryState?> GetStateAsync(long pid, Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Marks messages as consumed by a process. Doing it again changes nothing.</summary>
    Task MarkConsumedAsync(long pid, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default);

    /// <summary>Marks messages to a process as dead letters, with their reasons. One that is done with already stays as it is.</summary>
    Task MarkDeadAsync(long pid, IReadOnlyCollection<DeadLetter> letters, CancellationToken cancellationToken = default);

    /// <summary>
    /// Logs a copy of a message for each recipient. When it was begun it comes to its end, after a crash too, and a second
    /// call with the same message id gives nobody a second copy.
    /// </summary>
    /// <param name="message">The message; its <see cref="VmpMessage.To"/> is not looked at.</param>
    /// <param name="recipients">PIDs, one or more, each once.</param>
    /// <param name="cancellationToken">Gives it up if it has not begun.</param>
    /// <returns>How many recipients it has: those of the first call.</returns>
    Task<int> MulticastAsync(VmpMessage message, IReadOnlyList<long> recipients, CancellationToken cancellationToken = default);

    /// <summary>The message at a place in the log; null when there is none.</summary>
    Task<LoggedMessage?> FindAsync(long sequence, CancellationToken cancellationToken = default);

    /// <summary>Notes under which id a dead letter was sent again.</summary>
    Task MarkReplayedAsync(long sequence, Guid replay, CancellationToken cancellationToken = default);

    /// <summary>Reads the log, oldest first.</summary>
    Task<IReadOnlyList<LoggedMessage>> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default);
}
