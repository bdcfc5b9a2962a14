using System.Collections.Concurrent;
using System.Diagnostics;
using LLMOS.Kernel.Telemetry;

namespace LLMOS.Client.Tests.Telemetry;

/// <summary>What ends of the spans of this process while it is there, by their traces; a test begins a trace of its own and so sees no other's.</summary>
internal sealed class SpanLog : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivitySource _source = new("LLMOS.Tests");
    private readonly ActivityListener _listener;

    public SpanLog()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is LlmosTelemetry.Name or "LLMOS.Tests" or "Microsoft.AspNetCore" || source.Name.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Begins a trace.</summary>
    public Activity Begin()
    {
        Activity.Current = null;
        return _source.StartActivity("test")!;
    }

    /// <summary>Waits until spans of a trace have ended that satisfy a condition.</summary>
    public async Task<IReadOnlyList<Activity>> UntilAsync(ActivityTraceId trace, Func<IReadOnlyList<Activity>, bool> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            var spans = _ended.Where(span => span.TraceId == trace).ToList();
            if (condition(spans))
            {
                return spans;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"It did not come to that; there are:\n{Describe(spans)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The spans above one, from its parent on.</summary>
    public static IEnumerable<Activity> Above(Activity span, IReadOnlyList<Activity> spans)
    {
        for (var above = Find(span.ParentSpanId); above is not null; above = Find(above.ParentSpanId))
        {
            yield return above;
        }

        Activity? Find(ActivitySpanId id) => spans.FirstOrDefault(other => other.SpanId == id);
    }

    public static string Describe(IEnumerable<Activity> spans) =>
        string.Join('\n', spans.OrderBy(span => span.StartTimeUtc).Select(span => $"{span.SpanId} < {span.ParentSpanId} {span.Source.Name}: {span.DisplayName}"));

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }
}
