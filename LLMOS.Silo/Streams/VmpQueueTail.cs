namespace LLMOS.Silo.Streams;

/// <summary>
/// The newest messages of a queue, kept in memory so that a reader who keeps up never reads the file, and the signal that
/// wakes it. A reader who has fallen behind <see cref="Floor"/> reads the file.
/// </summary>
internal sealed class VmpQueueTail(long floor)
{
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly Queue<VmpLogEntry> _entries = new();
    private TaskCompletionSource _changed = NewSignal();
    private long _floor = floor;

    /// <summary>Every message of the queue with a higher sequence number is here.</summary>
    public long Floor
    {
        get
        {
            lock (_gate)
                return _floor;
        }
    }

    /// <summary>Completes at the next <see cref="Add"/> or <see cref="Wake"/> after it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    /// <summary>Adds messages that were just committed, in the order of their sequence numbers.</summary>
    public void Add(List<VmpLogEntry> entries)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            foreach (var entry in entries)
                _entries.Enqueue(entry);
            while (_entries.Count > Capacity)
                _floor = _entries.Dequeue().Sequence;
            (changed, _changed) = (_changed, NewSignal());
        }
        changed.SetResult();
    }

    /// <summary>Wakes the reader without a message.</summary>
    public void Wake()
    {
        TaskCompletionSource changed;
        lock (_gate)
            (changed, _changed) = (_changed, NewSignal());
        changed.SetResult();
    }

    /// <summary>Takes messages after a sequence number; those up to it are forgotten.</summary>
    /// <returns>False when the reader is behind <see cref="Floor"/>.</returns>
    public bool TryTake(long after, int max, List<VmpLogEntry> into)
    {
        lock (_gate)
        {
            if (after < _floor)
                return false;
            while (_entries.TryPeek(out var read) && read.Sequence <= after)
                _floor = _entries.Dequeue().Sequence;
            foreach (var entry in _entries)
            {
                if (into.Count == max)
                    break;
                into.Add(entry);
            }
            return true;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
