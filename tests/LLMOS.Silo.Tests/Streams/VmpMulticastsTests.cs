using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>Messages with many recipients, and dead letters, in the log.</summary>
public sealed class VmpMulticastsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private SqliteStore _store;

    public VmpMulticastsTests() => _store = SqliteStore.Open(_folder.Path);

    private SqliteMessageLog Messages => new(VmpLog.In(_store));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_recipient_has_its_copy_once_and_the_message_lies_there_once()
    {
        var message = Multicast("to all");
        var recipients = Enumerable.Range(20, (2 * VmpMulticasts.Chunk) + 7).Select(pid => (long)pid).ToArray();
        Assert.Equal(recipients.Length, await Messages.MulticastAsync(message, recipients));
        Assert.Equal(recipients.Length, await Messages.MulticastAsync(message, [.. recipients, 9_999_999]));

        Assert.Equal(1L, Scalar("SELECT COUNT(*) FROM vmp_body"));
        Assert.Empty(await Messages.PendingAsync(9_999_999));
        var logged = await Messages.QueryAsync(new MessageQuery { Limit = SqliteMessageLog.MaxLimit });
        Assert.Equal(recipients, logged.Select(entry => entry.Message.To));
        Reopen();
        foreach (var pid in new[] { recipients[0], recipients[VmpMulticasts.Chunk], recipients[^1] })
        {
            var pending = Assert.Single(await Messages.PendingAsync(pid));
            Assert.Equal((pid, "to all", message.MessageId), (pending.Message.To, pending.Message.Payload, pending.Message.MessageId));
            Assert.Equal(message.Vector, pending.Message.Vector);
        }
    }

    [Fact]
    public async Task What_was_cut_short_is_finished_when_the_log_is_opened_and_comes_before_what_is_sent_then()
    {
        var message = Multicast("half of it");
        var recipients = Enumerable.Range(20, 3 * VmpMulticasts.Chunk).Select(pid => (long)pid).ToArray();
        await Messages.MulticastAsync(message, recipients);

        // As a crash after the first transaction leaves it.
        await _store.WriteAsync(session =>
        {
            session.Statement("DELETE FROM vmp_log WHERE recipient >= ?").Bind(recipients[VmpMulticasts.Chunk]).Run();
            return session.Statement("UPDATE vmp_multicast SET next = ?1, rows = ?1").Bind(VmpMulticasts.Chunk).Run();
        });
        Reopen();
        var last = recipients[^1];
        await VmpLog.In(_store).AppendAsync(VmpStreamIds.Mailbox(last), TestMessages.To(last, "later"));
        Assert.Equal(["half of it", "later"], (await Messages.PendingAsync(last)).Select(entry => entry.Message.Payload));
        Assert.Equal(recipients.Length, await Messages.MulticastAsync(message, recipients));
        Assert.Equal((long)recipients.Length, Scalar("SELECT COUNT(*) FROM vmp_log WHERE body IS NOT NULL"));
        Assert.Equal((long)recipients.Length, Scalar("SELECT rows FROM vmp_multicast"));
    }

    [Fact]
    public async Task The_body_goes_with_the_last_copy()
    {
        var message = Multicast("short-lived");
        await Messages.MulticastAsync(message, [7, 8, 9]);
        await Messages.MarkConsumedAsync(7, [message.MessageId]);
        await Messages.MarkConsumedAsync(8, [message.MessageId]);
        using var retention = new VmpLogRetention(_store, new VmpStreamOptions { MaxConsumed = 0, PruneEvery = TimeSpan.FromDays(1) });
        await PrunedAsync(retention);
        Assert.Equal("short-lived", Assert.Single(await Messages.PendingAsync(9)).Message.Payload);
        await Messages.MarkConsumedAsync(9, [message.MessageId]);
        await PrunedAsync(retention);
        foreach (var table in new[] { "vmp_log", "vmp_body", "vmp_multicast" })
            Assert.Equal(0L, Scalar($"SELECT COUNT(*) FROM {table}"));
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_reasons_and_outlive_what_was_consumed()
    {
        var messages = Enumerable.Range(0, 6).Select(i => TestMessages.To(i % 2 == 0 ? 7 : 8, $"{i}", correlation: i < 3 ? "run" : "")).ToArray();
        foreach (var message in messages)
            await VmpLog.In(_store).AppendAsync(VmpStreamIds.Mailbox(message.To), message);
        await Messages.MarkConsumedAsync(7, [messages[0].MessageId]);
        await Messages.MarkDeadAsync(7, [new DeadLetter(messages[0].MessageId, DeliveryState.Dropped, "too late"), new DeadLetter(messages[2].MessageId, DeliveryState.Expired, "slow")]);
        await Messages.MarkDeadAsync(7, [new DeadLetter(messages[2].MessageId, DeliveryState.Dropped, "again")]);
        await Messages.MarkDeadAsync(8, [new DeadLetter(messages[3].MessageId, DeliveryState.Dropped, "gone")]);
        Reopen();

        Assert.Equal([("2", DeliveryState.Expired, "slow"), ("3", DeliveryState.Dropped, "gone")], await DeadAsync(new MessageQuery()));
        Assert.Equal([("3", DeliveryState.Dropped, "gone")], await DeadAsync(new MessageQuery { Pid = 8 }));
        Assert.Equal([("2", DeliveryState.Expired, "slow")], await DeadAsync(new MessageQuery { CorrelationId = "run" }));
        Assert.Empty(await DeadAsync(new MessageQuery { CorrelationId = "run", Pid = 8 }));
        Assert.Equal(["4"], (await Messages.PendingAsync(7)).Select(entry => entry.Message.Payload));
        var letter = (await Messages.QueryAsync(new MessageQuery { DeadOnly = true, Pid = 8 }))[0];
        var replay = Guid.NewGuid();
        await Messages.MarkReplayedAsync(letter.Sequence, replay);
        Assert.Equal(replay, (await Messages.FindAsync(letter.Sequence))!.ReplayedAs);
        Assert.Null(await Messages.FindAsync(4711));

        using (var consumed = new VmpLogRetention(_store, new VmpStreamOptions { MaxConsumed = 0, PruneEvery = TimeSpan.FromDays(1) }))
            await PrunedAsync(consumed);
        Assert.Equal(2, (await DeadAsync(new MessageQuery())).Count);
        using (var dead = new VmpLogRetention(_store, new VmpStreamOptions { MaxDead = 1, PruneEvery = TimeSpan.FromDays(1) }))
            await PrunedAsync(dead);
        Assert.Equal([("3", DeliveryState.Dropped, "gone")], await DeadAsync(new MessageQuery()));
    }

    [Fact]
    public async Task A_multicast_to_nobody_is_refused()
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() => Messages.MulticastAsync(Multicast("anyone?"), []));
        Assert.Contains("no recipients", error.Message, StringComparison.Ordinal);
    }

    private static VmpMessage Multicast(string payload) => TestMessages.To(0, payload, from: 3, dimension: 768) with { Group = VmpMessage.Everyone };

    private static Task PrunedAsync(VmpLogRetention retention) =>
        Until.TrueAsync(async () => await retention.PruneAsync(CancellationToken.None) == 0);

    private async Task<List<(string, DeliveryState, string)>> DeadAsync(MessageQuery query) =>
        [.. (await Messages.QueryAsync(query with { DeadOnly = true })).Select(letter => (letter.Message.Payload, letter.State, letter.Reason))];

    private object? Scalar(string sql) => _store.Read(sql, (session, statement) => session.Scalar(statement));

    private void Reopen()
    {
        _store.Dispose();
        _store = SqliteStore.Open(_folder.Path);
    }
}
