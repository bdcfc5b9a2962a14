namespace LLMOS.Benchmarks;

/// <summary>Measures one part of the system, row by row.</summary>
internal interface IBenchmarkSuite
{
    /// <summary>Adds its rows to the run.</summary>
    /// <exception cref="BenchmarkException">The work was not done, so that there is nothing to report.</exception>
    Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken);
}
