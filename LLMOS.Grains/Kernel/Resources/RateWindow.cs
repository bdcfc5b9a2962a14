namespace LLMOS.Kernel.Resources;

/// <summary>
/// Counts what happened in the last minute, to the second: at most 61 entries, oldest first. Unlike windows that begin
/// anew each minute it lets nobody have twice the rate around a boundary.
/// </summary>
public static class RateWindow
{
    /// <summary>The seconds that an amount counts for.</summary>
    public const int Seconds = 60;

    /// <summary>Forgets what lies more than a minute back. What lies ahead, as after a clock was set back, happened now.</summary>
    public static void Trim(List<RateEntry> entries, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var second = SecondOf(now);
        entries.RemoveAll(entry => entry.Second <= second - Seconds);
        var ahead = entries.FindIndex(entry => entry.Second > second);
        if (ahead >= 0)
        {
            var amount = entries.Skip(ahead).Sum(entry => entry.Amount);
            entries.RemoveRange(ahead, entries.Count - ahead);
            Add(entries, now, amount);
        }
    }

    /// <summary>Adds an amount.</summary>
    public static void Add(List<RateEntry> entries, DateTimeOffset now, long amount)
    {
        Trim(entries, now);
        var second = SecondOf(now);
        if (entries.Count > 0 && entries[^1].Second >= second)
        {
            entries[^1] = entries[^1] with { Amount = entries[^1].Amount + amount };
        }
        else
        {
            entries.Add(new RateEntry(second, amount));
        }
    }

    /// <summary>What counts at a moment.</summary>
    public static long Sum(List<RateEntry> entries, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var oldest = SecondOf(now) - Seconds;
        return entries.Where(entry => entry.Second > oldest).Sum(entry => entry.Amount);
    }

    /// <summary>When so much will be free again under a limit; the moment itself when it is.</summary>
    /// <param name="entries">What happened.</param>
    /// <param name="now">The moment.</param>
    /// <param name="limit">The most that may count.</param>
    /// <param name="amount">What is to be added; at most the limit.</param>
    public static DateTimeOffset FreeAt(List<RateEntry> entries, DateTimeOffset now, long limit, long amount)
    {
        var sum = Sum(entries, now);
        var oldest = SecondOf(now) - Seconds;
        foreach (var entry in entries.Where(entry => entry.Second > oldest))
        {
            if (sum + amount <= limit)
            {
                break;
            }

            sum -= entry.Amount;
            now = new DateTimeOffset((entry.Second + Seconds) * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        }

        return now;
    }

    private static long SecondOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;
}
