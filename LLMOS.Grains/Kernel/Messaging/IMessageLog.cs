namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The durable log of VMP messages, which is also every mailbox's memory: a message stays in it until its recipient's
/// turn is committed, whatever happens to the silo. A storage provider implements it.
/// </summary>
public interface IMessageLog
{
    /// <summary>Messages to a process that are not consumed yet, in the order they were logged.</summary>
    Task<IReadOnlyList<LoggedMessage>> PendingAsync(long pid, CancellationToken cancellationToken = default);

    /// <summary>Whether a process has consumed a message.</summary>
    Task<bool> IsConsumedAsync(long pid, Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Marks messages as consumed by a process. Doing it again changes nothing.</summary>
    Task MarkConsumedAsync(long pid, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default);

    /// <summary>Reads the log, oldest first.</summary>
    Task<IReadOnlyList<LoggedMessage>> QueryAsync(MessageQuery query, CancellationToken cancellationToken = default);
}
