namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>Finding vectors by scanning all of them, the embedding store, contexts of many windows, and VectorFS: writing files and listing them by meaning.</summary>
internal sealed class MemoryBenchmarks : IBenchmarkSuite
{
    public const string Name = "memory";

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await VectorScanBenchmark.MeasureAsync(run, 20_000, leastRecall: 0.99, mostMilliseconds: 1, mostTogether: 1, cancellationToken);
        if (!run.Quick)
            await VectorScanBenchmark.MeasureAsync(run, 1_000_000, leastRecall: 0.98, mostMilliseconds: 40, mostTogether: 15, cancellationToken);
        await EmbeddingsBenchmark.MeasureAsync(run, cancellationToken);
        await ContextBenchmark.MeasureAsync(run, cancellationToken);
        await FilesBenchmark.MeasureAsync(run, cancellationToken);
    }
}
