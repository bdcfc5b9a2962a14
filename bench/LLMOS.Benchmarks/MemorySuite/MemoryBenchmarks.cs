namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>Finding vectors by scanning all of them, the embedding store, contexts of many windows, listing regions, and VectorFS: writing files and listing them by meaning.</summary>
internal sealed class MemoryBenchmarks : IBenchmarkSuite
{
    public const string Name = "memory";

    private static readonly (string Name, Func<SuiteRun, CancellationToken, Task> MeasureAsync)[] Measurements =
    [
        ("vectors", ScanAsync),
        ("records", EmbeddingsBenchmark.MeasureAsync),
        ("context", ContextBenchmark.MeasureAsync),
        ("regions", RegionsBenchmark.MeasureAsync),
        ("files", FilesBenchmark.MeasureAsync),
    ];

    /// <summary>The names of the groups of rows.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. Measurements.Select(measurement => measurement.Name)];

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        foreach (var (name, measureAsync) in Measurements)
        {
            if (run.Options.Rows.Count == 0 || run.Options.Rows.Contains(name, StringComparer.Ordinal))
                await measureAsync(run, cancellationToken);
        }
    }

    private static async Task ScanAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await VectorScanBenchmark.MeasureAsync(run, 20_000, leastRecall: 0.99, mostMilliseconds: 1, mostTogether: 1, cancellationToken);
        if (!run.Quick)
            await VectorScanBenchmark.MeasureAsync(run, 1_000_000, leastRecall: 0.98, mostMilliseconds: 40, mostTogether: 15, cancellationToken);
    }
}
