namespace LLMOS.Inference.Engine;

/// <summary>How often an engine may be restarted within a time. Pure: is told the time.</summary>
internal sealed class RestartBudget(int most, TimeSpan window)
{
    private readonly Queue<TimeSpan> _taken = new();

    /// <summary>Whether one more restart at a time is within the bound; if so, it counts.</summary>
    public bool TryTake(TimeSpan now)
    {
        while (_taken.TryPeek(out var oldest) && now - oldest >= window)
            _taken.Dequeue();
        if (_taken.Count >= most)
            return false;
        _taken.Enqueue(now);
        return true;
    }
}
