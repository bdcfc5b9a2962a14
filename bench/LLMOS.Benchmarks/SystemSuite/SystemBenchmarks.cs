namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>What the system costs before it does anything: the time to boot, and the memory of an idle process.</summary>
internal sealed class SystemBenchmarks : IBenchmarkSuite
{
    public const string Name = "system";

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await BootTime.MeasureAsync(run, cancellationToken);
        await IdleProcessCost.MeasureAsync(run, cancellationToken);
    }
}
