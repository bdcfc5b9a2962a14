namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>What those who look on from outside notice: a command of the shell, what the endpoint adds to an engine, the dashboard in a browser, and streams of events.</summary>
internal sealed class InterfaceBenchmarks : IBenchmarkSuite
{
    public const string Name = "interface";

    /// <summary>The groups of rows.</summary>
    public static RowGroups Groups { get; } = new(
        ("ps", ShellBenchmark.MeasureAsync),
        ("endpoint", EndpointBenchmark.MeasureAsync),
        ("dashboard", DashboardBenchmark.MeasureAsync),
        ("streams", EventStreamBenchmark.MeasureAsync));

    public Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken) => Groups.MeasureAsync(run, cancellationToken);
}
