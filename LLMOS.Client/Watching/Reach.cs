using System.Diagnostics;

namespace LLMOS.Client.Watching;

/// <summary>How a watcher bears the loss of what it watches: it tries again, ever less often, until its patience ends.</summary>
internal sealed class Reach
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private long? _lostAt;
    private TimeSpan _delay = FirstDelay;

    /// <summary>Whether an error says that the activation or its silo is gone, which a second try may find elsewhere.</summary>
    public static bool IsLoss(Exception exception) =>
        exception is OrleansException or TimeoutException or ObjectDisposedException or EnumerationAbortedException
        || exception is LlmosException { Code: LlmosErrorCode.Unavailable, InnerException: { } cause } && IsLoss(cause);

    public void Succeeded()
    {
        _lostAt = null;
        _delay = FirstDelay;
    }

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="LlmosException">It has been out of reach for too long.</exception>
    public async Task WaitAsync(string what, Exception lost, CancellationToken cancellationToken)
    {
        _lostAt ??= Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_lostAt.Value) > Patience)
        {
            throw new LlmosException(
                LlmosErrorCode.Unavailable,
                $"{what} has been out of reach for {Patience.TotalSeconds:0} s: check that a silo of its cluster runs, then try again.",
                lost);
        }

        await Task.Delay(_delay, cancellationToken);
        _delay = _delay * 2 < LongestDelay ? _delay * 2 : LongestDelay;
    }
}
