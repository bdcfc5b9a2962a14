using LLMOS.Kernel.Messaging;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace LLMOS.Silo.Tests.Streams;

public sealed class VmpQueueCacheTests : IDisposable
{
    private const int Capacity = 100;

    private static readonly StreamId Mailbox = VmpStreamIds.Mailbox(7);
    private static readonly StreamId Topic = VmpStreamIds.Topic("news");

    private readonly TempFolder _folder = new();
    private readonly SqliteStore _store;
    private readonly VmpQueueFlow _flow = new(Capacity);
    private readonly VmpQueueCache _cache;
    private long _sequence;

    public VmpQueueCacheTests()
    {
        _store = SqliteStore.Open(_folder.Path);
        _cache = new VmpQueueCache(VmpLog.In(_store), _flow);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_reader_walks_over_its_own_stream_and_frees_what_it_has_read()
    {
        using var cursor = _cache.GetCacheCursor(Mailbox, null);
        for (var i = 0; i < 60; i++)
        {
            Add(Mailbox);
            Add(VmpStreamIds.Mailbox(8));
            Assert.Equal(_sequence - 1, Next(cursor));
        }
        Assert.Null(Next(cursor));
        // The other stream's messages still wait.
        Assert.Equal(Capacity - 60, _flow.Room);
    }

    [Fact]
    public void A_mailbox_hands_out_again_what_was_not_delivered()
    {
        using var cursor = _cache.GetCacheCursor(Mailbox, null);
        Add(Mailbox);
        Add(Mailbox);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(1, Next(cursor));
            cursor.RecordDeliveryFailure();
        }
        Assert.Equal(1, Next(cursor));
        Assert.Equal(2, Next(cursor));
        cursor.RecordDeliveryFailure();
        Assert.Equal(2, Next(cursor));
        Assert.Null(Next(cursor));
        Assert.Equal(Capacity, _flow.Room);
    }

    [Fact]
    public void A_topic_gives_up_what_a_subscriber_fails_to_take()
    {
        using var failing = _cache.GetCacheCursor(Topic, null);
        using var other = _cache.GetCacheCursor(Topic, null);
        Add(Topic);
        Add(Topic);
        Assert.Equal(1, Next(failing));
        failing.RecordDeliveryFailure();
        Assert.Equal(2, Next(failing));
        Assert.Equal(1, Next(other));
        Assert.Equal(2, Next(other));
        Assert.Null(Next(other));
        Assert.Null(Next(failing));
        Assert.Equal(Capacity, _flow.Room);
    }

    [Fact]
    public void What_the_slowest_reader_has_not_read_waits_for_it()
    {
        using var fast = _cache.GetCacheCursor(Topic, null);
        var slow = _cache.GetCacheCursor(Topic, null);
        for (var i = 1; i <= 50; i++)
        {
            Add(Topic);
            Assert.Equal(i, Next(fast));
        }
        Assert.Null(Next(fast));
        for (var i = 1; i <= 20; i++)
            Assert.Equal(i, Next(slow));
        Assert.Equal(Capacity - 31, _flow.Room);
        slow.Dispose();
        slow.Dispose();
        Assert.Equal(Capacity, _flow.Room);
        Assert.Null(Next(slow));
    }

    [Fact]
    public void A_reader_begins_where_it_asks_to()
    {
        using var pin = _cache.GetCacheCursor(Mailbox, null);
        for (var i = 0; i < 5; i++)
            Add(Mailbox);
        using var third = _cache.GetCacheCursor(Mailbox, new EventSequenceTokenV2(3));
        Assert.Equal(3, Next(third));
        // A mailbox gives all it has to a reader that asks for nothing in particular; a topic what comes from now on.
        using var first = _cache.GetCacheCursor(Mailbox, null);
        Assert.Equal(1, Next(first));

        using var topicPin = _cache.GetCacheCursor(Topic, null);
        Add(Topic);
        using var fromNow = _cache.GetCacheCursor(Topic, null);
        Assert.Null(Next(fromNow));
        Add(Topic);
        Assert.Equal(7, Next(fromNow));
        using var beyond = _cache.GetCacheCursor(Topic, new EventSequenceTokenV2(99));
        Assert.Null(Next(beyond));
    }

    [Fact]
    public void A_batch_in_delivery_is_there_for_the_reader_after_the_one_that_left()
    {
        var cursor = _cache.GetCacheCursor(Mailbox, null);
        Add(Mailbox);
        Add(Mailbox);
        Assert.Equal(1, Next(cursor));
        cursor.Dispose();
        Assert.False(_cache.TryPurgeFromCache(out _));

        using var next = _cache.GetCacheCursor(Mailbox, null);
        Assert.Equal(1, Next(next));
        Assert.Equal(2, Next(next));
    }

    private static long? Next(IQueueCacheCursor cursor) =>
        cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success ? cursor.GetCurrent(out _)!.SequenceToken.SequenceNumber : null;

    private void Add(StreamId stream) =>
        _cache.AddToCache([new VmpBatchContainer(stream, [++_sequence], [TestMessages.To(7, $"{_sequence}")])]);
}
