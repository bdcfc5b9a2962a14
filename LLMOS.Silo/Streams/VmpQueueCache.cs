using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// The messages of a queue that wait in memory, stream by stream, so that a recipient walks over its own messages only.
/// It is called from its pulling agent alone.
/// </summary>
internal sealed class VmpQueueCache(VmpLog log, VmpQueueFlow flow) : IQueueCache
{
    private const int ReadAhead = 256;

    // A recipient that is just being registered has no cursor yet; its messages wait that long for it.
    private const long GraceMilliseconds = 5_000;

    private readonly Dictionary<StreamId, VmpStreamBuffer> _buffers = [];
    private readonly HashSet<VmpStreamBuffer> _unread = [];

    public int GetMaxAddCount() => ReadAhead;

    /// <summary>Never: the receiver itself waits for room.</summary>
    public bool IsUnderPressure() => false;

    public void AddToCache(IList<IBatchContainer> messages)
    {
        foreach (var batch in messages.Cast<VmpBatchContainer>())
        {
            var buffer = Buffer(batch.StreamId);
            buffer.Add(batch, Environment.TickCount64);
            flow.Add(batch.Count);
            if (!buffer.HasCursors)
                _unread.Add(buffer);
        }
    }

    public IQueueCacheCursor GetCacheCursor(StreamId streamId, StreamSequenceToken? token)
    {
        var buffer = Buffer(streamId);
        return new VmpCacheCursor(this, buffer, buffer.Find(token?.SequenceNumber));
    }

    /// <summary>Gives up what nobody reads: messages to a topic without subscribers, or to a mailbox without a process.</summary>
    public bool TryPurgeFromCache(out IList<IBatchContainer> purgedItems)
    {
        var dropped = new List<IBatchContainer>();
        purgedItems = dropped;
        if (_unread.Count == 0)
            return false;

        var time = Environment.TickCount64 - GraceMilliseconds;
        _unread.RemoveWhere(buffer =>
        {
            if (!buffer.HasCursors)
                buffer.DropOlderThan(time, dropped);
            Forget(buffer);
            return buffer.HasCursors || buffer.IsEmpty;
        });
        return dropped.Count > 0;
    }

    internal void Close(VmpCacheCursor cursor, VmpStreamBuffer buffer)
    {
        buffer.Close(cursor);
        if (!buffer.HasCursors && !buffer.IsEmpty)
            _unread.Add(buffer);
        Forget(buffer);
    }

    private void Forget(VmpStreamBuffer buffer)
    {
        if (!buffer.HasCursors && buffer.IsEmpty)
            _buffers.Remove(buffer.StreamId);
    }

    private VmpStreamBuffer Buffer(StreamId streamId)
    {
        if (!_buffers.TryGetValue(streamId, out var buffer))
            _buffers.Add(streamId, buffer = new VmpStreamBuffer(streamId, Release));
        return buffer;
    }

    private void Release(VmpBatchContainer batch, bool isDelivered)
    {
        flow.Remove(batch.Count);
        if (isDelivered)
            log.Delivered(batch.Entries);
    }
}
