namespace LLMOS.Kernel.Scheduling;

/// <summary>What a process waits for, and what it does with probes. It is empty, and costs nothing, while it waits for nobody.</summary>
public sealed class WaitBook
{
    /// <summary>A longer circle is not found.</summary>
    public const int LongestCircle = 256;

    private Dictionary<Guid, ProcessWait>? _waits;

    // The last round of each process whose probes were passed on.
    private Dictionary<long, long>? _passed;

    public IReadOnlyCollection<ProcessWait> Waits => _waits is null ? [] : _waits.Values;

    /// <summary>When the next wait is to be told of; null when there is none.</summary>
    public DateTimeOffset? NextProbe => _waits?.Values.Min(wait => wait.NextProbe);

    /// <summary>Enters a wait, unless one with its id is there.</summary>
    public bool Begin(ProcessWait wait, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wait);
        _waits ??= [];
        if (!_waits.TryAdd(wait.Id, wait))
        {
            return false;
        }

        wait.Start(now);
        return true;
    }

    public ProcessWait? Find(Guid id) => _waits?.GetValueOrDefault(id);

    /// <returns>The wait that is over; null when there was none.</returns>
    public ProcessWait? End(Guid id)
    {
        if (_waits is null || !_waits.Remove(id, out var wait))
        {
            return null;
        }

        if (_waits.Count == 0)
        {
            (_waits, _passed) = (null, null);
        }

        return wait;
    }

    /// <summary>The waits that are to be told of now; they are counted as told.</summary>
    public IReadOnlyList<ProcessWait> TakeDue(DateTimeOffset now)
    {
        ProcessWait[] due = _waits is null ? [] : [.. _waits.Values.Where(wait => wait.NextProbe <= now)];
        foreach (var wait in due)
        {
            wait.Probed(now);
        }

        return due;
    }

    /// <summary>Looks at a probe that came along a wait which this process can end.</summary>
    public ProbeVerdict Receive(WaitProbe probe, long self)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (_waits is null || probe.Path.Length > LongestCircle || !_waits.Values.Any(wait => wait.Blocks))
        {
            return ProbeVerdict.Drop;
        }

        var first = probe.Path[0];
        if (first.Pid == self)
        {
            return Find(first.WaitId) is { Blocks: true } ? ProbeVerdict.Circle : ProbeVerdict.Drop;
        }

        // One that was here before, on its way round a circle that it did not begin in, or that a later one has overtaken, finds nothing new.
        _passed ??= [];
        if (_passed.TryGetValue(first.Pid, out var round) && probe.Round <= round)
        {
            return ProbeVerdict.Drop;
        }

        _passed[first.Pid] = probe.Round;
        return ProbeVerdict.PassOn;
    }
}
