using System.Diagnostics;

namespace LLMOS.Benchmarks.Measuring;

/// <summary>Waits until this process rests, so that what one subject left to do is not done in the time of the next.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Resting = TimeSpan.FromMilliseconds(2.5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>Returns once the process used less than a twentieth of a core for a moment, or after 3 seconds.</summary>
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Limit)
        {
            var before = Environment.CpuUsage.TotalTime;
            await Task.Delay(Window, cancellationToken);
            if (Environment.CpuUsage.TotalTime - before < Resting)
                return;
        }
    }
}
