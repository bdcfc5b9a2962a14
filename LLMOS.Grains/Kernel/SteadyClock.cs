namespace LLMOS.Kernel;

/// <summary>
/// The time as it passes on this silo: the wall clock's when the silo started, and from then on as much later as time has passed,
/// whoever sets the wall clock forwards or back meanwhile. Waits, lifetimes and deadlines are measured by it. What is stored is the
/// wall clock's, so that it means something to another life.
/// </summary>
public sealed class SteadyClock
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _start;
    private readonly long _timestamp;

    public SteadyClock(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        (_start, _timestamp) = (time.GetUtcNow(), time.GetTimestamp());
    }

    public DateTimeOffset Now => _start + _time.GetElapsedTime(_timestamp);

    /// <summary>What this clock will show, or showed, when the wall clock does or did, as the wall clock goes now.</summary>
    public DateTimeOffset Of(DateTimeOffset wall) => Now + (wall - _time.GetUtcNow());
}
