namespace LLMOS.Silo.Streams;

/// <summary>How many messages of a queue wait in memory: the cache counts them, the receiver reads no more than fit.</summary>
internal sealed class VmpQueueFlow(int capacity)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;

    /// <summary>
    /// How many more messages fit, or 0 until a quarter of the capacity is free, so that a full queue is not refilled one
    /// by one. The reader waits for <see cref="Changed"/> then.
    /// </summary>
    public int Room
    {
        get
        {
            lock (_gate)
            {
                var free = capacity - _waiting;
                return free * 4 >= capacity ? free : 0;
            }
        }
    }

    /// <summary>Completes when room was made after it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public void Add(int count)
    {
        lock (_gate)
            _waiting += count;
    }

    public void Remove(int count)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _waiting -= count;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
