using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Scheduling;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;

namespace LLMOS.Silo.Tests.Streams;

public sealed class VmpLogTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private SqliteStore _store;

    public VmpLogTests() => _store = SqliteStore.Open(_folder.Path);

    private SqliteMessageLog Messages => new(VmpLog.In(_store));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_comes_back_as_it_was()
    {
        var message = TestMessages.To(7, "é\u0000\ud83d\ude00", from: 3, correlation: "run-1", dimension: 768) with
        {
            MessageType = VmpMessageType.Broadcast,
            Priority = ProcessPriority.Default,
            RequiresAck = true,
            Deadline = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Headers = VmpHeaders.Error("no"),
        };
        await AppendAsync(message);
        Reopen();

        var read = Assert.Single(await Messages.PendingAsync(7));
        Assert.Equal(DeliveryState.Queued, read.State);
        Assert.Equal(message.Vector, read.Message.Vector);
        Assert.Equal(message.Headers, read.Message.Headers);
        // Arrays and dictionaries are equal by reference, so what is left is compared without them.
        Assert.Equal(
            message with { Vector = [], Headers = VmpHeaders.Error("") },
            read.Message with { Vector = [], Headers = VmpHeaders.Error("") },
            (a, b) => (a with { Vector = b.Vector, Headers = b.Headers }) == b);
    }

    [Fact]
    public async Task The_same_message_to_the_same_recipient_is_logged_once()
    {
        var message = TestMessages.To(7, "a");
        Assert.Equal(1, await AppendAsync(message));
        Assert.Equal(0, await AppendAsync(message));
        Reopen();
        Assert.Equal(0, await AppendAsync(message));
        await Messages.MarkConsumedAsync(7, [message.MessageId]);
        Assert.Equal(0, await AppendAsync(message));

        Assert.Equal(1, await VmpLog.In(_store).AppendAsync(VmpStreamIds.Mailbox(8), message));
        Assert.Equal(1, await VmpLog.In(_store).AppendAsync(VmpStreamIds.Topic("7"), message));
        Assert.Empty(await Messages.PendingAsync(7));
        Assert.Single(await Messages.PendingAsync(8));
    }

    [Fact]
    public async Task What_is_consumed_is_pending_no_more_and_consuming_again_changes_nothing()
    {
        var messages = Enumerable.Range(0, 5).Select(i => TestMessages.To(7, $"{i}")).ToArray();
        foreach (var message in messages)
            await AppendAsync(message);
        Guid[] two = [messages[1].MessageId, messages[3].MessageId];
        await Messages.MarkConsumedAsync(7, two);
        await Messages.MarkConsumedAsync(7, two);
        await Messages.MarkConsumedAsync(8, [messages[0].MessageId]);
        await Messages.MarkConsumedAsync(7, []);

        Assert.Equal(["0", "2", "4"], (await Messages.PendingAsync(7)).Select(logged => logged.Message.Payload));
        Assert.Equal(DeliveryState.Consumed, await Messages.GetStateAsync(7, two[0]));
        Assert.Equal(DeliveryState.Queued, await Messages.GetStateAsync(7, messages[0].MessageId));
        Assert.Null(await Messages.GetStateAsync(8, two[0]));
        Assert.Null(await Messages.GetStateAsync(7, Guid.NewGuid()));
    }

    [Fact]
    public async Task A_query_gives_the_newest_that_fit_oldest_first()
    {
        for (var i = 0; i < 20; i++)
            await AppendAsync(TestMessages.To(i % 2 == 0 ? 7 : 8, $"{i}", from: i % 5 == 0 ? 7 : 9, correlation: i < 10 ? "run-1" : ""));
        var all = await Messages.QueryAsync(new MessageQuery());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), Payloads(all));
        Assert.Equal(all.Select(logged => logged.Sequence).Order(), all.Select(logged => logged.Sequence));

        Assert.Equal(["17", "18", "19"], Payloads(await Messages.QueryAsync(new MessageQuery { Limit = 3 })));
        Assert.Equal(["18", "19"], Payloads(await Messages.QueryAsync(new MessageQuery { AfterSequence = all[17].Sequence })));
        // PID 7 gets the even ones and sends every fifth; one that it sends to itself shows once.
        Assert.Equal(
            Enumerable.Range(0, 20).Where(i => i % 2 == 0 || i % 5 == 0).Select(i => $"{i}"),
            Payloads(await Messages.QueryAsync(new MessageQuery { Pid = 7 })));
        Assert.Equal(["15", "16", "18"], Payloads(await Messages.QueryAsync(new MessageQuery { Pid = 7, Limit = 3 })));
        Assert.Equal(["8", "9"], Payloads(await Messages.QueryAsync(new MessageQuery { CorrelationId = "run-1", Limit = 2 })));
        Assert.Equal(["6", "8"], Payloads(await Messages.QueryAsync(new MessageQuery { CorrelationId = "run-1", Pid = 7, Limit = 2 })));
        Assert.Empty(await Messages.QueryAsync(new MessageQuery { CorrelationId = "run-2" }));
        Assert.Empty(await Messages.QueryAsync(new MessageQuery { Pid = 99 }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(SqliteMessageLog.MaxLimit + 1)]
    public async Task A_limit_out_of_range_is_named(int limit)
    {
        var exception = await Assert.ThrowsAsync<LlmosException>(() => Messages.QueryAsync(new MessageQuery { Limit = limit }));
        Assert.StartsWith($"{limit} messages", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_without_an_id_and_a_mailbox_without_a_PID_are_refused()
    {
        var log = VmpLog.In(_store);
        var noId = TestMessages.To(7, "a") with { MessageId = Guid.Empty };
        Assert.Contains("has no id", (await Assert.ThrowsAsync<LlmosException>(() => AppendAsync(noId))).Message, StringComparison.Ordinal);

        var noPid = StreamId.Create(VmpStreams.MailboxNamespace, "bob");
        Assert.Contains(
            "'bob' is no mailbox",
            (await Assert.ThrowsAsync<LlmosException>(() => log.AppendAsync(noPid, TestMessages.To(7, "a")))).Message,
            StringComparison.Ordinal);
        Assert.Empty(await Messages.QueryAsync(new MessageQuery()));
    }

    [Fact]
    public async Task A_batch_is_logged_whole_or_not_at_all()
    {
        _store.Dispose();
        _store = SqliteStore.Open(_folder.Path, new SqliteStoreOptions { MaxBytes = 1 << 20 });
        await AppendAsync(TestMessages.To(7, "small"));

        var batch = new[] { TestMessages.To(7, "first"), TestMessages.To(7, new string('x', 2 << 20)) };
        var exception = await Assert.ThrowsAsync<LlmosException>(() => VmpLog.In(_store).AppendAsync(VmpStreamIds.Mailbox(7), batch));
        Assert.Equal(LlmosErrorCode.ResourceExhausted, exception.Code);
        await AppendAsync(TestMessages.To(7, "after"));
        Assert.Equal(["small", "after"], Payloads(await Messages.PendingAsync(7)));
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_once()
    {
        _store.Dispose();
        var acknowledged = new List<Guid>();
        await using (var child = ChildProcess.Start("append", _folder.Path))
        {
            while (acknowledged.Count < 2000)
                acknowledged.Add(Guid.Parse((await child.ReadLineAsync())!));
            await child.KillAsync();
            // What it had said before its death still lies in the pipe; the last line may be cut.
            while (await child.ReadLineAsync() is { } line)
            {
                if (Guid.TryParseExact(line, "D", out var id))
                    acknowledged.Add(id);
            }
        }

        _store = SqliteStore.Open(_folder.Path);
        Assert.Equal("ok", _store.Read(0, (session, _) => session.Scalar("PRAGMA integrity_check")));
        var logged = await Messages.QueryAsync(new MessageQuery { Limit = SqliteMessageLog.MaxLimit });
        var ids = logged.Select(message => message.Message.MessageId).ToHashSet();
        Assert.Equal(logged.Count, ids.Count);
        Assert.DoesNotContain(acknowledged, id => !ids.Contains(id));
        Assert.All(logged, message => Assert.Equal(DeliveryState.Queued, message.State));
        Assert.All(logged, message => Assert.Equal(768, message.Message.Vector.Length));
        foreach (var sender in logged.GroupBy(message => message.Message.From))
        {
            var numbers = sender.Select(message => int.Parse(message.Message.Payload)).ToList();
            Assert.Equal(Enumerable.Range(0, numbers.Count), numbers);
        }
    }

    [Fact]
    public async Task Retention_takes_the_oldest_consumed_and_nothing_that_waits()
    {
        for (var i = 0; i < 500; i++)
        {
            var message = TestMessages.To(7, $"{i}");
            await AppendAsync(message);
            if (i % 2 == 1)
                await Messages.MarkConsumedAsync(7, [message.MessageId]);
        }

        using var byCount = new VmpLogRetention(_store, new VmpStreamOptions { MaxConsumed = 50, PruneEvery = TimeSpan.FromDays(1) });
        await PrunedAsync(byCount);
        var left = await Messages.QueryAsync(new MessageQuery { Limit = 1000 });
        Assert.Equal(250, left.Count(logged => logged.State == DeliveryState.Queued));
        Assert.Equal(
            Enumerable.Range(0, 500).Where(i => i % 2 == 1).TakeLast(50).Select(i => $"{i}"),
            Payloads(left.Where(logged => logged.State == DeliveryState.Consumed)));

        using var byAge = new VmpLogRetention(_store, new VmpStreamOptions { KeepConsumedFor = TimeSpan.Zero, PruneEvery = TimeSpan.FromDays(1) });
        await Until.TrueAsync(async () =>
        {
            await byAge.PruneAsync(CancellationToken.None);
            return (await Messages.QueryAsync(new MessageQuery { Limit = 1000 })).All(logged => logged.State == DeliveryState.Queued);
        });
        Assert.Equal(250, (await Messages.PendingAsync(7)).Count);
        Assert.Equal(250L, _store.Read(0, (session, _) => session.Scalar("SELECT COUNT(*) FROM vmp_body")));
    }

    [Fact]
    public async Task Sequence_numbers_are_not_given_out_again_after_pruning()
    {
        var message = TestMessages.To(7, "a");
        await AppendAsync(message);
        var last = (await Messages.QueryAsync(new MessageQuery()))[0].Sequence;
        await Messages.MarkConsumedAsync(7, [message.MessageId]);
        using (var retention = new VmpLogRetention(_store, new VmpStreamOptions { MaxConsumed = 0, PruneEvery = TimeSpan.FromDays(1) }))
            await PrunedAsync(retention);
        Assert.Empty(await Messages.QueryAsync(new MessageQuery()));
        Reopen();

        await AppendAsync(TestMessages.To(7, "b"));
        Assert.True((await Messages.QueryAsync(new MessageQuery()))[0].Sequence > last);
    }

    [Fact]
    public void No_question_to_the_log_reads_all_of_it()
    {
        foreach (var sql in SqliteMessageLog.Statements.Append(VmpQueueReceiver.Select))
        {
            var plan = _store.Read(sql, (session, statement) =>
            {
                using var rows = session.Statement("EXPLAIN QUERY PLAN " + statement);
                var steps = new List<string>();
                while (rows.Step())
                    steps.Add(rows.Text(3));
                return steps;
            });
            Assert.NotEmpty(plan);
            Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) && !step.Contains("(subquery", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Payloads(IEnumerable<LoggedMessage> messages) => messages.Select(logged => logged.Message.Payload);

    /// <summary>Prunes until nothing is left to prune, whether this call or the object's own round did it.</summary>
    private static Task PrunedAsync(VmpLogRetention retention) =>
        Until.TrueAsync(async () => await retention.PruneAsync(CancellationToken.None) == 0);

    private Task<int> AppendAsync(VmpMessage message) => VmpLog.In(_store).AppendAsync(VmpStreamIds.Mailbox(message.To), message);

    private void Reopen()
    {
        _store.Dispose();
        _store = SqliteStore.Open(_folder.Path);
    }
}
