namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>What those who look on from outside notice: a command of the shell, what the endpoint adds to an engine, the dashboard in a browser, and streams of events.</summary>
internal sealed class InterfaceBenchmarks : IBenchmarkSuite
{
    public const string Name = "interface";

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await ShellBenchmark.MeasureAsync(run, cancellationToken);
        await EndpointBenchmark.MeasureAsync(run, cancellationToken);
        await DashboardBenchmark.MeasureAsync(run, cancellationToken);
        await EventStreamBenchmark.MeasureAsync(run, cancellationToken);
    }
}
