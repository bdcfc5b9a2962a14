using LLMOS.Benchmarks.Measuring;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>The managed bytes of a process that waits for its first message, beside those of an empty grain activation.</summary>
internal static class IdleProcessCost
{
    /// <summary>An idle process is to cost less than 8 KB.</summary>
    private const double Limit = 8 * 1024;

    private const int AtOnce = 64;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 1_000 : 10_000;
        var rounds = run.Quick ? 1 : 3;
        await using var silo = await BenchmarkSilo.StartAsync(
            new LlmosSiloOptions { Data = run.Workspace.NewFolder() }, loadModel: false, cancellationToken);
        run.Say($"memory: {rounds} times {count} idle processes and as many empty grains");
        var next = 0L;
        var samples = await Interleaved.RunAsync(
            rounds,
            [
                stop => CostAsync(silo, typeof(ProcessGrain), count, _ => SpawnAsync(silo.Client), stop),
                stop => CostAsync(silo, typeof(EmptyGrain), count, _ => silo.Grains.GetGrain<IEmptyGrain>(Interlocked.Increment(ref next)).ActivateAsync(), stop),
            ],
            cancellationToken);
        run.Add(new Row
        {
            Suite = SystemBenchmarks.Name,
            Name = $"idle process, of {count}",
            Value = Statistics.Median(samples[0]),
            Unit = "bytes",
            Peer = "empty grain activation",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.ValueUnder(Limit),
        });
    }

    private static async Task SpawnAsync(LlmosClient client) => await client.SpawnAsync(new ProcessSpec
    {
        Name = "idle",
        Role = "You wait until somebody asks you something, and answer in one sentence.",
    });

    private static async Task<double> CostAsync(
        BenchmarkSilo silo, Type grain, int count, Func<int, Task> makeOne, CancellationToken cancellationToken)
    {
        var activations = await CountAsync(silo, grain);
        var before = ManagedMemory.Measure();
        await Parallel.ForAsync(
            0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, _) => await makeOne(i));
        var after = ManagedMemory.Measure();
        return await CountAsync(silo, grain) - activations is var made && made == count
            ? (after - before) / (double)count
            : throw new BenchmarkException($"{count} activations of {grain.Name} were due and there are {made} more than before: their cost cannot be told.");
    }

    private static async Task<int> CountAsync(BenchmarkSilo silo, Type grain)
    {
        var statistics = await silo.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(entry => entry.GrainType.Contains(grain.Name, StringComparison.Ordinal)).Sum(entry => entry.ActivationCount);
    }
}
