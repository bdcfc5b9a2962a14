using CsCheck;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Tests.Kernel.Messaging;

public sealed class MailboxBoundTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Claims, arrivals and removals in any order against a model that only counts.</summary>
    [Fact]
    public void What_waits_and_what_is_on_its_way_never_pass_the_bounds() =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[500, 4_000], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 800]).Array[0, 80]).Sample((maxMessages, maxBytes, steps) =>
        {
            var mailbox = new Mailbox();
            var bound = new MailboxBound(maxMessages, maxBytes);
            var onTheirWay = new Queue<VmpMessage>();
            foreach (var (step, length) in steps)
            {
                switch (step)
                {
                    case 0:
                        var message = new VmpMessage { MessageId = Guid.NewGuid(), From = 1, To = 2, Payload = new string('x', length) };
                        var size = MessageSize.Of(message);
                        var (count, bytes) = (mailbox.Count + onTheirWay.Count, mailbox.Bytes + onTheirWay.Sum(MessageSize.Of));
                        var fits = count == 0 || (count < maxMessages && bytes + size <= maxBytes);
                        Assert.Equal(fits, bound.TryClaim(mailbox, new MailboxClaim(message.MessageId, size), Now));
                        if (fits)
                        {
                            // A sender that asks again has what it has.
                            Assert.True(bound.TryClaim(mailbox, new MailboxClaim(message.MessageId, size), Now));
                            onTheirWay.Enqueue(message);
                        }

                        break;
                    case 1 when onTheirWay.TryDequeue(out var arrived):
                        Assert.True(bound.Release(arrived.MessageId));
                        Assert.False(bound.Release(arrived.MessageId));
                        mailbox.Add(arrived);
                        Assert.True(bound.TryClaim(mailbox, new MailboxClaim(arrived.MessageId, 1), Now));
                        break;
                    case 2 when mailbox.Peek(MessageFilter.Any) is { } due:
                        mailbox.Remove(due.MessageId);
                        break;
                    default:
                        break;
                }

                Assert.Equal((onTheirWay.Count, onTheirWay.Sum(MessageSize.Of)), (bound.Claims, bound.ClaimedBytes));
                Assert.Equal(
                    mailbox.Count + bound.Claims >= maxMessages || mailbox.Bytes + bound.ClaimedBytes >= maxBytes,
                    bound.IsFull(mailbox));
            }
        });

    [Fact]
    public void A_claim_grows_old_until_it_is_confirmed()
    {
        var bound = new MailboxBound(4, 10_000);
        var id = Guid.NewGuid();
        Assert.True(bound.TryClaim(new Mailbox(), new MailboxClaim(id, 10), Now));
        Assert.Empty(bound.ClaimedBefore(Now));
        Assert.Equal([id], bound.ClaimedBefore(Now.AddSeconds(1)));
        bound.Confirm(id, Now.AddSeconds(1));
        Assert.Empty(bound.ClaimedBefore(Now.AddSeconds(1)));
    }
}
