namespace LLMOS.Kernel.Processes;

/// <summary>
/// When a turn that met a passing fault is tried again: after waits that grow fourfold up to a limit, each up to a fifth
/// shorter by a share that follows from the message, so that many which failed together do not come back together.
/// </summary>
public sealed class TurnRetryPolicy(KernelOptions options)
{
    private const double Growth = 4;
    private const double Spread = 0.2;

    /// <summary>How long to wait after a number of failed attempts; null when there is to be no further one.</summary>
    /// <param name="failed">Attempts that failed, 1 or more.</param>
    /// <param name="messageId">The message whose turn it is.</param>
    public TimeSpan? DelayAfter(int failed, Guid messageId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failed, 1);
        if (failed >= options.MaxTurnAttempts)
        {
            return null;
        }

        var full = Math.Min(
            options.LongestRetryDelay.TotalMilliseconds,
            options.FirstRetryDelay.TotalMilliseconds * Math.Pow(Growth, failed - 1));
        var share = (TurnSeed.Derive((ulong)failed, messageId) >> 11) / (double)(1UL << 53);
        return TimeSpan.FromMilliseconds(full * (1 - (Spread * share)));
    }
}
