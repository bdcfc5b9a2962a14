using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// One recipient's way through a stream. Asking for the next batch says that the one before was delivered. A mailbox's
/// batch whose delivery failed is handed out again until it succeeds; a topic's is given up, so that one subscriber that
/// always fails does not hold the queue.
/// </summary>
internal sealed class VmpCacheCursor : IQueueCacheCursor
{
    private readonly VmpQueueCache _cache;
    private readonly VmpStreamBuffer _buffer;
    private VmpBatchContainer? _current;
    private bool _failed;
    private bool _closed;

    public VmpCacheCursor(VmpQueueCache cache, VmpStreamBuffer buffer, long position)
    {
        _cache = cache;
        _buffer = buffer;
        Position = position;
        buffer.Open(this);
    }

    /// <summary>The position of the batch that is being delivered, or else of the next.</summary>
    public long Position { get; private set; }

    public IBatchContainer? GetCurrent(out Exception? exception)
    {
        exception = null;
        return _current;
    }

    public bool MoveNext()
    {
        if (_closed)
            return false;
        if (_current is not null)
        {
            if (_failed && _buffer.IsMailbox)
            {
                _failed = false;
                return true;
            }
            _current = null;
            _failed = false;
            _buffer.Pass(Position++);
        }
        if (Position >= _buffer.End)
            return false;
        _current = _buffer[Position];
        return true;
    }

    public void Refresh(StreamSequenceToken token)
    {
        // The position holds whatever is added.
    }

    public void RecordDeliveryFailure() => _failed = true;

    public void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _current = null;
        _cache.Close(this, _buffer);
    }
}
