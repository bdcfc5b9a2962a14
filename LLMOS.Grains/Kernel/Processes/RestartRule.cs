namespace LLMOS.Kernel.Processes;

/// <summary>Whether and when a process begins anew: after a delay that doubles with each failure in a row, up to <see cref="LongestDelay"/>.</summary>
public static class RestartRule
{
    public static TimeSpan LongestDelay { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The delay before it begins anew; null when it ends.</summary>
    /// <param name="spec">What the process is.</param>
    /// <param name="failures">Failures in a row before this end.</param>
    /// <param name="exit">How it would end.</param>
    public static TimeSpan? DelayOf(ProcessSpec spec, int failures, ExitReason exit)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(exit);
        return (exit.Kind, spec.Restart) switch
        {
            (ExitKind.Fault, not RestartPolicy.Never) when failures < spec.MaxRestarts => DelayAfter(spec, failures),
            (ExitKind.Exit, RestartPolicy.Always) => TimeSpan.Zero,
            _ => null,
        };
    }

    /// <summary>The delay after a failure that so many in a row came before.</summary>
    public static TimeSpan DelayAfter(ProcessSpec spec, int failures)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var ticks = spec.RestartDelay.Ticks * Math.Pow(2, failures);
        return ticks < LongestDelay.Ticks ? TimeSpan.FromTicks((long)ticks) : LongestDelay;
    }
}
