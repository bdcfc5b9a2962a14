namespace LLMOS.Kernel.Scheduling;

/// <summary>How replicas are seen to.</summary>
public sealed class SchedulingOptions
{
    /// <summary>How often queues are looked at while somebody thinks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a further replica may be idle before it is closed.</summary>
    public TimeSpan CloseAfter { get; set; } = TimeSpan.FromMinutes(5);
}
