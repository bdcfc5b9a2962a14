using CsCheck;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel.Messaging;

public sealed class MailboxTests
{
    private static readonly Gen<VmpMessage> Messages = Gen.Guid.Select(Gen.Long[1, 4], Gen.Int[0, 19]).Select((id, from, priority) => new VmpMessage
    {
        MessageId = id,
        From = from,
        To = 99,
        Priority = new ProcessPriority(priority),
    });

    [Fact]
    public void Every_message_comes_out_once_and_no_sender_overtakes_itself() => Messages.Array[0, 40].Sample(messages =>
    {
        var mailbox = new Mailbox();
        foreach (var message in messages)
        {
            Assert.True(mailbox.Add(message));
            Assert.False(mailbox.Add(message));
        }

        var taken = new List<VmpMessage>();
        while (mailbox.Peek(MessageFilter.Any) is { } due)
        {
            taken.Add(due);
            Assert.True(mailbox.Remove(due.MessageId));
            Assert.False(mailbox.Remove(due.MessageId));
        }

        Assert.Equal(messages.Select(m => m.MessageId).Order(), taken.Select(m => m.MessageId).Order());
        foreach (var sender in messages.GroupBy(message => message.From))
        {
            Assert.Equal(sender.Select(m => m.MessageId), taken.Where(m => m.From == sender.Key).Select(m => m.MessageId));
        }
    });

    [Fact]
    public void What_is_due_is_the_most_urgent_of_the_senders_first_ones() => Messages.Array[1, 40].Sample(messages =>
    {
        var mailbox = new Mailbox();
        foreach (var message in messages)
        {
            mailbox.Add(message);
        }

        var heads = messages.GroupBy(message => message.From).Select(group => group.First()).ToList();
        var expected = heads.MinBy(message => message.Priority.Value)!;
        Assert.Equal(expected.MessageId, mailbox.Peek(MessageFilter.Any)!.MessageId);
    });

    [Fact]
    public void A_message_that_is_waited_for_is_as_urgent_as_who_waits_and_takes_those_before_it_along() =>
        Gen.Select(Messages.Array[1, 20], Gen.Select(Gen.Int[0, 19], Gen.Int[-1, 19]).Array[0, 20]).Sample((messages, loans) =>
        {
            var mailbox = new Mailbox();
            foreach (var message in messages)
            {
                mailbox.Add(message);
            }

            var lent = new Dictionary<Guid, int>();
            foreach (var (which, priority) in loans)
            {
                // Taken back where it is below the scale.
                var id = messages[which % messages.Length].MessageId;
                mailbox.Lend(id, priority < 0 ? null : new ProcessPriority(priority));
                lent[id] = priority < 0 ? int.MaxValue : priority;
            }

            var left = messages.ToList();
            while (mailbox.Peek(MessageFilter.Any) is { } due)
            {
                var first = left.GroupBy(message => message.From).Select(sent => (
                    Head: sent.First(),
                    Rank: sent.Select(message => lent.GetValueOrDefault(message.MessageId, int.MaxValue)).Append(sent.First().Priority.Value).Min()))
                    .OrderBy(sender => sender.Rank).ThenBy(sender => Array.IndexOf(messages, sender.Head)).First();
                Assert.Equal(first.Head.MessageId, due.MessageId);
                mailbox.Remove(due.MessageId);
                left.Remove(due);
            }

            Assert.Empty(left);
        });

    [Fact]
    public void A_filter_finds_what_it_names()
    {
        var mailbox = new Mailbox();
        mailbox.Add(new VmpMessage { MessageId = Guid.NewGuid(), From = 1, To = 9, CorrelationId = "a" });
        var wanted = new VmpMessage { MessageId = Guid.NewGuid(), From = 2, To = 9, CorrelationId = "b", MessageType = VmpMessageType.Response };
        mailbox.Add(wanted);
        Assert.Same(wanted, mailbox.Peek(new MessageFilter { CorrelationId = "b" }));
        Assert.Same(wanted, mailbox.Peek(new MessageFilter { From = 2 }));
        Assert.Same(wanted, mailbox.Peek(new MessageFilter { MessageType = VmpMessageType.Response }));
        Assert.Null(mailbox.Peek(new MessageFilter { From = 2, CorrelationId = "a" }));
        Assert.Equal(2, mailbox.Clear().Count);
        Assert.Equal(0, mailbox.Count);
    }

    [Fact]
    public void What_is_held_back_holds_back_its_sender_alone_until_its_time() => Messages.Array[1, 40].Sample(messages =>
    {
        var mailbox = new Mailbox();
        foreach (var message in messages)
        {
            mailbox.Add(message);
        }

        var held = mailbox.Peek(MessageFilter.Any, Now)!;
        mailbox.Hold(held.MessageId, Now.AddSeconds(1));
        Assert.Equal(Now.AddSeconds(1), mailbox.NextRelease);
        while (mailbox.Peek(MessageFilter.Any, Now) is { } due)
        {
            Assert.NotEqual(held.From, due.From);
            mailbox.Remove(due.MessageId);
        }

        Assert.Equal(messages.Count(message => message.From == held.From), mailbox.Count);
        Assert.Same(held, mailbox.Peek(MessageFilter.Any, Now.AddSeconds(1)));
        Assert.Null(mailbox.NextRelease);
    });

    [Fact]
    public void What_expires_comes_out_by_its_deadline_and_nothing_else_does() =>
        Messages.Select(Gen.Int[-5, 8], (message, seconds) => message with { Deadline = seconds > 5 ? null : Now.AddSeconds(seconds) })
            .Array[0, 40].Sample(messages =>
            {
                var mailbox = new Mailbox();
                foreach (var message in messages)
                {
                    mailbox.Add(message);
                }

                Assert.Equal(messages.Min(message => message.Deadline), mailbox.NextDeadline);
                var expired = mailbox.TakeExpired(Now);
                Assert.Equal(
                    messages.Where(message => message.Deadline <= Now).OrderBy(message => message.Deadline).Select(message => message.MessageId),
                    expired.Select(message => message.MessageId));
                Assert.Equal(messages.Length - expired.Count, mailbox.Count);
                Assert.Equal(messages.Except(expired).Sum(MessageSize.Of), mailbox.Bytes);
                foreach (var sender in messages.Except(expired).GroupBy(message => message.From))
                {
                    Assert.Equal(sender.First().MessageId, mailbox.Peek(new MessageFilter { From = sender.Key })!.MessageId);
                }
            });

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
}
