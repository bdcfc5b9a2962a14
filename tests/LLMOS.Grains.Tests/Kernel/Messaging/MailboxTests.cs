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
}
