using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>
/// What turns at durability <see cref="ProcessDurability.Token"/> have said so far. The log of a turn goes in the write that
/// marks its message as consumed or dead in the <see cref="IMessageLog"/>. A storage provider implements it.
/// </summary>
public interface ITurnLog
{
    /// <summary>The message whose turn a process has begun; null when it has begun none.</summary>
    Task<Guid?> FindAsync(long pid, CancellationToken cancellationToken = default);

    /// <summary>What a turn has said, in order; empty when it has said nothing.</summary>
    Task<IReadOnlyList<TurnPart>> ReadAsync(long pid, Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Adds to what a turn has said. It returns when that is durable.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="messageId">The message whose turn it is.</param>
    /// <param name="first">How many parts there were before.</param>
    /// <param name="parts">The parts.</param>
    /// <param name="cancellationToken">Gives it up if it has not begun.</param>
    /// <exception cref="LlmosException">Another activation of the process has written there, or the disk failed.</exception>
    Task AppendAsync(long pid, Guid messageId, int first, IReadOnlyList<TurnPart> parts, CancellationToken cancellationToken = default);
}
