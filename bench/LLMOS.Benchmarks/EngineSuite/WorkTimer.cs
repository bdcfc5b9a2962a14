using System.Diagnostics;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Takes the time of a run, on the wall and on the processors.</summary>
internal readonly struct WorkTimer
{
    private readonly long _start;
    private readonly TimeSpan _processor;

    private WorkTimer(long start, TimeSpan processor) => (_start, _processor) = (start, processor);

    public static WorkTimer Start() => new(Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>What went by until now; or on the wall until an earlier moment.</summary>
    /// <param name="end">The moment that the work was done, as a timestamp; null for now.</param>
    public (TimeSpan Wall, TimeSpan Processor) Stop(long? end = null) =>
        (Stopwatch.GetElapsedTime(_start, end ?? Stopwatch.GetTimestamp()), Environment.CpuUsage.TotalTime - _processor);
}
