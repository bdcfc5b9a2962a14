using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The messages that wait for a process. The most urgent comes first and among equals the oldest; two messages of one
/// sender never overtake each other, and one that is held back holds back those behind it of its sender. The durable
/// copy is the log's: this is what the activation works from.
/// </summary>
public sealed class Mailbox
{
    // Nothing is kept while nothing waits: most processes are idle.
    private Contents? _contents;

    public int Count => _contents?.ById.Count ?? 0;

    /// <summary>What the messages take in memory, in bytes; see <see cref="MessageSize"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>The earliest deadline of the messages that wait.</summary>
    public DateTimeOffset? NextDeadline => _contents is { Deadlines.Count: > 0 } contents ? contents.Deadlines.Min!.ExpiresAt : null;

    /// <summary>When the first message that is held back may be taken.</summary>
    public DateTimeOffset? NextRelease => _contents is { Held.Count: > 0 } contents ? contents.Held.Min!.HeldUntil : null;

    /// <summary>Puts a message in, unless one with its id waits already.</summary>
    /// <param name="message">The message.</param>
    /// <param name="heldUntil">It is not taken before.</param>
    /// <param name="expiresAt">When its deadline passes, on the clock that the mailbox is asked by; null for what its deadline says.</param>
    public bool Add(VmpMessage message, DateTimeOffset heldUntil = default, DateTimeOffset? expiresAt = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var contents = _contents ??= new Contents();
        if (contents.ById.ContainsKey(message.MessageId))
        {
            return false;
        }

        var letter = new Letter(message, contents.NextOrder++) { HeldUntil = heldUntil, ExpiresAt = expiresAt ?? message.Deadline };
        contents.ById.Add(message.MessageId, letter);
        if (!contents.BySender.TryGetValue(message.From, out var sent))
        {
            contents.BySender.Add(message.From, sent = new LinkedList<Letter>());
        }

        letter.Node = sent.AddLast(letter);
        if (sent.Count == 1)
        {
            contents.Enter(letter);
        }

        if (letter.ExpiresAt is not null)
        {
            contents.Deadlines.Add(letter);
        }

        Bytes += letter.Bytes;
        return true;
    }

    /// <summary>The message with an id, if it waits here.</summary>
    public VmpMessage? Find(Guid messageId) => _contents?.ById.GetValueOrDefault(messageId)?.Message;

    /// <summary>The first message of a sender that has an id, or a correlation id.</summary>
    public VmpMessage? Find(long from, string about)
    {
        if (_contents is not { } contents)
        {
            return null;
        }

        return Guid.TryParse(about, out var id) && Find(id) is { } named && named.From == from
            ? named
            : contents.BySender.GetValueOrDefault(from)?.FirstOrDefault(letter => letter.Message.CorrelationId == about)?.Message;
    }

    /// <summary>
    /// Makes a message as urgent as the one who waits for its handling, and those before it of its sender too, which have to
    /// go first; null for as urgent as it says itself.
    /// </summary>
    public void Lend(Guid messageId, ProcessPriority? priority)
    {
        if (_contents is not { } contents || !contents.ById.TryGetValue(messageId, out var letter) || letter.Lent == priority)
        {
            return;
        }

        var head = letter.Node!.List!.First!.Value;
        contents.Exit(head);
        contents.Lent += (priority is null ? 0 : 1) - (letter.Lent is null ? 0 : 1);
        letter.Lent = priority;
        contents.Enter(head);
    }

    public bool Contains(Guid messageId) => _contents?.ById.ContainsKey(messageId) == true;

    /// <summary>The message that is due, held back or not, left where it is; null when none fits.</summary>
    public VmpMessage? Peek(MessageFilter filter) => Peek(filter, DateTimeOffset.MaxValue);

    /// <summary>The message that is due at a time, left where it is; null when none fits or those that do are held back.</summary>
    public VmpMessage? Peek(MessageFilter filter, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (_contents is not { } contents)
        {
            return null;
        }

        contents.Release(now);
        if (filter == MessageFilter.Any)
        {
            return contents.Heads.Min?.Message;
        }

        Letter? due = null;
        foreach (var sent in contents.BySender.Values)
        {
            var first = sent.FirstOrDefault(letter => filter.Matches(letter.Message));
            if (first is not null && first.HeldUntil <= now && (due is null || contents.Heads.Comparer.Compare(first, due) < 0))
            {
                due = first;
            }
        }

        return due?.Message;
    }

    /// <summary>Holds a message back, and those behind it of its sender.</summary>
    public void Hold(Guid messageId, DateTimeOffset until)
    {
        if (_contents is { } contents && contents.ById.TryGetValue(messageId, out var letter))
        {
            var isHead = letter.Node!.Previous is null;
            if (isHead)
            {
                contents.Exit(letter);
            }

            letter.HeldUntil = until;
            if (isHead)
            {
                contents.Enter(letter);
            }
        }
    }

    public bool Remove(Guid messageId) => Take(messageId) is not null;

    /// <summary>Takes out the messages whose deadlines have passed, the earliest first.</summary>
    public IReadOnlyList<VmpMessage> TakeExpired(DateTimeOffset now)
    {
        var expired = new List<VmpMessage>();
        while (_contents is { Deadlines.Min: { } first } && first.ExpiresAt <= now)
        {
            expired.Add(Take(first.Message.MessageId)!);
        }

        return expired;
    }

    /// <summary>Takes all messages out, in the order they came.</summary>
    public IReadOnlyList<VmpMessage> Clear()
    {
        VmpMessage[] messages = _contents is null ? [] : [.. _contents.ById.Values.OrderBy(letter => letter.Order).Select(letter => letter.Message)];
        _contents = null;
        Bytes = 0;
        return messages;
    }

    private VmpMessage? Take(Guid messageId)
    {
        if (_contents is not { } contents || !contents.ById.Remove(messageId, out var letter))
        {
            return null;
        }

        var sent = letter.Node!.List!;
        var wasHead = letter.Node.Previous is null;
        if (wasHead)
        {
            contents.Exit(letter);
        }

        sent.Remove(letter.Node);
        if (sent.First is null)
        {
            contents.BySender.Remove(letter.Message.From);
        }
        else if (wasHead)
        {
            contents.Enter(sent.First.Value);
        }

        contents.Lent -= letter.Lent is null ? 0 : 1;
        contents.Deadlines.Remove(letter);
        Bytes -= letter.Bytes;
        if (contents.ById.Count == 0)
        {
            _contents = null;
        }

        return letter.Message;
    }

    private sealed class Letter(VmpMessage message, long order)
    {
        public VmpMessage Message { get; } = message;

        /// <summary>By when it came.</summary>
        public long Order { get; } = order;

        public long Bytes { get; } = MessageSize.Of(message);

        public DateTimeOffset HeldUntil { get; set; }

        /// <summary>What those lend it that wait for its handling.</summary>
        public ProcessPriority? Lent { get; set; }

        /// <summary>Its place among the first ones of all senders; changes only while it is not among them.</summary>
        public int Rank { get; set; } = message.Priority.Value;

        public DateTimeOffset? ExpiresAt { get; init; }

        public LinkedListNode<Letter>? Node { get; set; }
    }

    private sealed class Contents
    {
        public Dictionary<Guid, Letter> ById { get; } = [];

        /// <summary>Each sender's messages, in the order they came.</summary>
        public Dictionary<long, LinkedList<Letter>> BySender { get; } = [];

        /// <summary>The first message of each sender, unless it is held back.</summary>
        public SortedSet<Letter> Heads { get; } = new(Comparer<Letter>.Create((a, b) =>
            (a.Rank, a.Order).CompareTo((b.Rank, b.Order))));

        /// <summary>The first message of each sender that is held back.</summary>
        public SortedSet<Letter> Held { get; } = new(Comparer<Letter>.Create((a, b) => (a.HeldUntil, a.Order).CompareTo((b.HeldUntil, b.Order))));

        public SortedSet<Letter> Deadlines { get; } = new(Comparer<Letter>.Create((a, b) =>
            (a.ExpiresAt.GetValueOrDefault(), a.Order).CompareTo((b.ExpiresAt.GetValueOrDefault(), b.Order))));

        /// <summary>Messages that are lent a priority.</summary>
        public int Lent { get; set; }

        public long NextOrder { get; set; }

        public void Enter(Letter head)
        {
            head.Rank = RankOf(head);
            (head.HeldUntil == default ? Heads : Held).Add(head);
        }

        public void Exit(Letter head)
        {
            if (!Heads.Remove(head))
            {
                Held.Remove(head);
            }
        }

        private int RankOf(Letter head)
        {
            var rank = head.Message.Priority.Value;
            for (var node = Lent > 0 ? head.Node : null; node is not null; node = node.Next)
            {
                rank = Math.Min(rank, node.Value.Lent?.Value ?? rank);
            }

            return rank;
        }

        public void Release(DateTimeOffset now)
        {
            while (Held.Min is { } first && first.HeldUntil <= now)
            {
                Held.Remove(first);
                first.HeldUntil = default;
                Heads.Add(first);
            }
        }
    }
}
