namespace LLMOS.Kernel.Scheduling;

/// <summary>Something that a process waits for and another one holds.</summary>
public sealed class ProcessWait
{
    public required Guid Id { get; init; }

    public required WaitKind Kind { get; init; }

    /// <summary>Who is waited for.</summary>
    public required long On { get; init; }

    /// <summary>The message that it is about: its id or its correlation id; empty for none.</summary>
    public string About { get; init; } = "";

    /// <summary>
    /// Whether the process does nothing else meanwhile. One whose mailbox is read from outside goes on when another hand
    /// reads it, so that it is in no deadlock.
    /// </summary>
    public bool Blocks { get; init; } = true;

    /// <summary>Fails when the wait is given up.</summary>
    public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How often who is waited for was told.</summary>
    public int Probes { get; private set; }

    public DateTimeOffset NextProbe { get; private set; }

    /// <summary>Whether who is waited for is the more urgent for it, so that it has to be told before it forgets.</summary>
    public bool Raises { get; set; }

    /// <summary>When who is waited for was first found to have ended; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who is waited for is to be told again by a time.</summary>
    public void ProbeBy(DateTimeOffset time)
    {
        if (time < NextProbe)
        {
            NextProbe = time;
        }
    }

    internal void Start(DateTimeOffset now) => NextProbe = now + ProbeSchedule.DelayAfter(0, raises: false);

    internal void Probed(DateTimeOffset now) => NextProbe = now + ProbeSchedule.DelayAfter(++Probes, Raises);
}
