namespace LLMOS.Inference.KvCache;

/// <summary>When a process will ask again, from the pauses that it made between its turns. Pure: is told the time.</summary>
internal sealed class NextUseEstimate
{
    /// <summary>What the newest pause weighs.</summary>
    private const double Newest = 0.3;

    private TimeSpan? _ended;
    private double? _pauseSeconds;

    /// <summary>A turn began.</summary>
    public void Begin(TimeSpan now)
    {
        if (_ended is not { } ended)
            return;
        var pause = Math.Max((now - ended).TotalSeconds, 0);
        _pauseSeconds = _pauseSeconds is { } known ? known + (Newest * (pause - known)) : pause;
        _ended = null;
    }

    /// <summary>A turn ended.</summary>
    public void End(TimeSpan now) => _ended = now;

    /// <summary>
    /// How long until it asks again: null before it has made a pause. Past the time at which it was due, the pause that it has made is the best guess of
    /// what is left of it, so that a process that has gone silent grows less and less likely.
    /// </summary>
    public TimeSpan? Left(TimeSpan now)
    {
        if (_ended is not { } ended || _pauseSeconds is not { } pause)
            return null;
        var silent = Math.Max((now - ended).TotalSeconds, 0);
        return TimeSpan.FromSeconds(silent <= pause ? pause - silent : silent);
    }
}
