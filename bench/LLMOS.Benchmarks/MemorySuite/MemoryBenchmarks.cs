namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>Finding vectors by scanning all of them, the embedding store, contexts of many windows, listing regions, and VectorFS: writing files and listing them by meaning.</summary>
internal sealed class MemoryBenchmarks : IBenchmarkSuite
{
    public const string Name = "memory";

    /// <summary>The groups of rows.</summary>
    public static RowGroups Groups { get; } = new(
        ("vectors", ScanAsync),
        ("records", EmbeddingsBenchmark.MeasureAsync),
        ("context", ContextBenchmark.MeasureAsync),
        ("regions", RegionsBenchmark.MeasureAsync),
        ("files", FilesBenchmark.MeasureAsync));

    public Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken) => Groups.MeasureAsync(run, cancellationToken);

    private static async Task ScanAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await VectorScanBenchmark.MeasureAsync(run, 20_000, leastRecall: 0.99, mostMilliseconds: 1, mostTogether: 1, cancellationToken);
        if (!run.Quick)
            await VectorScanBenchmark.MeasureAsync(run, 1_000_000, leastRecall: 0.98, mostMilliseconds: 40, mostTogether: 15, cancellationToken);
    }
}
