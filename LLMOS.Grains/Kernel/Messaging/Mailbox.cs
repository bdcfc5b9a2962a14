namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The messages that wait for a process. The most urgent comes first and among equals the oldest; two messages of one
/// sender never overtake each other. The durable copy is the log's: this is what the activation works from.
/// </summary>
public sealed class Mailbox
{
    private readonly List<VmpMessage> _messages = [];
    private readonly HashSet<Guid> _ids = [];

    public int Count => _messages.Count;

    /// <summary>Puts a message in, unless one with its id waits already.</summary>
    public bool Add(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!_ids.Add(message.MessageId))
        {
            return false;
        }

        _messages.Add(message);
        return true;
    }

    /// <summary>The message that is due, left where it is; null when none fits.</summary>
    public VmpMessage? Peek(MessageFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        VmpMessage? due = null;
        HashSet<long> senders = [];
        foreach (var message in _messages)
        {
            if (filter.Matches(message) && senders.Add(message.From) && (due is null || message.Priority < due.Priority))
            {
                due = message;
            }
        }

        return due;
    }

    public bool Remove(Guid messageId) =>
        _ids.Remove(messageId) && _messages.RemoveAll(message => message.MessageId == messageId) > 0;

    public IReadOnlyList<Guid> Clear()
    {
        var ids = _messages.ConvertAll(message => message.MessageId);
        _messages.Clear();
        _ids.Clear();
        return ids;
    }
}
