namespace LLMOS.Kernel.Messaging;

/// <summary>
/// The bound of a mailbox: how many messages wait in it, and room that is kept for those on their way. A mailbox that
/// nothing waits in takes any message. Not for several threads: it lives in an activation.
/// </summary>
public sealed class MailboxBound(int maxMessages, long maxBytes)
{
    private readonly Dictionary<Guid, Claim> _claims = [];
    private int? _limit;
    private long _claimed;

    public int MaxMessages => _limit ?? maxMessages;

    public long MaxBytes => maxBytes;

    /// <summary>Messages that room is kept for.</summary>
    public int Claims => _claims.Count;

    /// <summary>Bytes that are kept for them.</summary>
    public long ClaimedBytes => _claimed;

    /// <summary>Another bound for those that come from now on; 0 for the one it was made with. What waits already stays.</summary>
    public void Limit(int messages) => _limit = messages > 0 && messages < maxMessages ? messages : null;

    /// <summary>Whether a further message would have to wait.</summary>
    public bool IsFull(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        return mailbox.Count + _claims.Count >= MaxMessages || mailbox.Bytes + _claimed >= maxBytes;
    }

    /// <summary>Keeps room for a message, unless the mailbox is full. One that has room already, or is there, keeps it.</summary>
    public bool TryClaim(Mailbox mailbox, MailboxClaim claim, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        if (_claims.ContainsKey(claim.MessageId) || mailbox.Contains(claim.MessageId))
        {
            return true;
        }

        var isFirst = mailbox.Count + _claims.Count == 0;
        if (!isFirst && (mailbox.Count + _claims.Count + 1 > MaxMessages || mailbox.Bytes + _claimed + claim.Bytes > maxBytes))
        {
            return false;
        }

        _claims.Add(claim.MessageId, new Claim(claim.Bytes, now));
        _claimed += claim.Bytes;
        return true;
    }

    /// <summary>The message came, or will not: its room is not kept any more.</summary>
    public bool Release(Guid messageId)
    {
        if (!_claims.Remove(messageId, out var claim))
        {
            return false;
        }

        _claimed -= claim.Bytes;
        return true;
    }

    /// <summary>Believes a claim anew.</summary>
    public void Confirm(Guid messageId, DateTimeOffset now)
    {
        if (_claims.TryGetValue(messageId, out var claim))
        {
            _claims[messageId] = claim with { Since = now };
        }
    }

    /// <summary>Messages that room was kept for before a time and which have not come: their senders may have died.</summary>
    public IReadOnlyList<Guid> ClaimedBefore(DateTimeOffset time) =>
        [.. _claims.Where(claim => claim.Value.Since < time).Select(claim => claim.Key)];

    private readonly record struct Claim(long Bytes, DateTimeOffset Since);
}
