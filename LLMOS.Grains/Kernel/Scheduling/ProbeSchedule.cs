namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// When a process that waits tells so. Most waits are over before the first time, and cost nothing. The wait that closes a
/// circle is the youngest in it, so the first times, all within a second, find every deadlock that is not hidden by a lost
/// call or a message on its way; the later ones are for those.
/// </summary>
public static class ProbeSchedule
{
    /// <summary>So long a lent priority lasts when its lender is not heard of.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestWhileRaised = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] First =
    [
        TimeSpan.FromMilliseconds(20),
        TimeSpan.FromMilliseconds(60),
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromMilliseconds(400),
        TimeSpan.FromMilliseconds(600),
    ];

    /// <summary>The time until the next probe.</summary>
    /// <param name="probes">How many there were.</param>
    /// <param name="raises">Whether somebody is the more urgent for it.</param>
    public static TimeSpan DelayAfter(int probes, bool raises)
    {
        var most = raises ? LongestWhileRaised : Longest;
        if (probes < First.Length)
        {
            return First[probes];
        }

        var doubled = First[^1] * Math.Pow(2, Math.Min(probes - First.Length + 1, 10));
        return doubled < most ? doubled : most;
    }
}
