using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Streams;

public sealed class VmpQueueReceiverTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteStore _store;
    private readonly VmpLog _log;
    private readonly VmpQueueFlow _flow = new(capacity: 100);

    public VmpQueueReceiverTests()
    {
        _store = SqliteStore.Open(_folder.Path);
        _log = VmpLog.In(_store, new VmpStreamOptions { QueueCount = 1 });
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reader_that_falls_behind_and_catches_up_misses_nothing_and_reads_nothing_twice()
    {
        const int Messages = 6_000;
        var writer = Task.Run(async () =>
        {
            var acknowledged = new List<Task>();
            for (var i = 0; i < Messages; i++)
            {
                acknowledged.Add(AppendAsync(i % 3, $"{i}"));
                // Bursts larger than what is kept in memory, and pauses in which the reader catches up.
                if (i % 2_000 == 1_999)
                    await Task.WhenAll(acknowledged);
            }
            await Task.WhenAll(acknowledged);
        });

        var receiver = Receiver();
        var read = new List<VmpLogEntry>();
        while (read.Count < Messages)
            read.AddRange((await ReadAsync(receiver, 1 + read.Count % 97)).OrderBy(entry => entry.Sequence));
        await writer;

        Assert.Equal(read.Select(entry => entry.Sequence).Order(), read.Select(entry => entry.Sequence));
        Assert.Equal(Messages, read.Select(entry => entry.Sequence).Distinct().Count());
        foreach (var stream in read.GroupBy(entry => entry.Stream))
        {
            var numbers = stream.Select(entry => int.Parse(entry.Message.Payload)).ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task A_rewind_reads_again_what_is_not_consumed()
    {
        var receiver = Receiver();
        for (var i = 0; i < 4; i++)
            await AppendAsync(7, $"{i}");
        var first = await ReadAsync(receiver, 10);
        Assert.Equal(4, first.Count);
        await new SqliteMessageLog(_log).MarkConsumedAsync(7, [first[0].Message.MessageId, first[2].Message.MessageId]);

        receiver.Rewind();
        Assert.Equal(["1", "3"], (await ReadAsync(receiver, 10)).Select(entry => entry.Message.Payload));
        await AppendAsync(7, "4");
        Assert.Equal(["4"], (await ReadAsync(receiver, 10)).Select(entry => entry.Message.Payload));
    }

    [Fact]
    public async Task Messages_that_found_no_process_in_time_are_delivered_again()
    {
        var receiver = Receiver();
        await AppendAsync(7, "a");
        var missed = await receiver.GetQueueMessagesAsync(10, CancellationToken.None);

        await receiver.MessagesDeliveredAsync(missed);

        Assert.Equal(["a"], (await ReadAsync(receiver, 10)).Select(entry => entry.Message.Payload));
    }

    [Fact]
    public async Task A_full_cache_makes_the_reader_wait_until_there_is_room()
    {
        var receiver = Receiver();
        await AppendAsync(7, "a");
        _flow.Add(90);
        var read = receiver.GetQueueMessagesAsync(10, CancellationToken.None);
        Assert.False(read.IsCompleted);
        _flow.Remove(90);
        Assert.Single(await read);

        _flow.Add(100);
        Assert.Empty(await receiver.GetQueueMessagesAsync(10, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_waiting_reader_stops_when_it_is_told()
    {
        using var stop = new CancellationTokenSource();
        var read = Receiver().GetQueueMessagesAsync(10, stop.Token);
        await stop.CancelAsync();
        Assert.Empty(await read.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_does_not_keep_those_behind_it()
    {
        for (var i = 0; i < 3; i++)
            await AppendAsync(7, $"{i}");
        await _store.WriteAsync(session => session.Statement("UPDATE vmp_body SET body = x'ff00ff00ff' WHERE seq = (SELECT MIN(seq) + 1 FROM vmp_body)").Run());
        var receiver = Receiver();
        receiver.Rewind();
        Assert.Equal(["0", "2"], (await ReadAsync(receiver, 10)).Select(entry => entry.Message.Payload));
    }

    private static async Task<List<VmpLogEntry>> ReadAsync(VmpQueueReceiver receiver, int max) =>
        [.. (await receiver.GetQueueMessagesAsync(max, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)))
            .Cast<VmpBatchContainer>().SelectMany(batch => batch.Entries)];

    private VmpQueueReceiver Receiver() =>
        new(_log, _log.Mapper.GetAllQueues().Single(), _flow, _ => { }, NullLogger<VmpQueueReceiver>.Instance);

    private Task<int> AppendAsync(long pid, string payload) =>
        _log.AppendAsync(VmpStreamIds.Mailbox(pid), TestMessages.To(pid, payload));
}
