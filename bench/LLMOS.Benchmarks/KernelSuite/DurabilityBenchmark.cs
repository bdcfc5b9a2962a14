using System.Globalization;
using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;
using LLMOS.Kernel.Processes;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>What it costs that every token is in the store before it is shown: agents at durability token beside agents at durability turn, on one silo.</summary>
internal static class DurabilityBenchmark
{
    private const int ContextCells = 4096;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var path = ModelCache.FindSmall(run);
        using var model = LlamaModel.Load(path);
        await using var grains = await GrainSubject.StartAsync(path, ContextCells, run.Workspace.NewFolder(), cancellationToken);
        var rounds = run.Quick ? 3 : 7;
        foreach (var (batch, tokens) in ((int, int)[])(run.Quick ? [(1, 64), (8, 32)] : [(1, 256), (8, 128)]))
            await CompareAsync(run, new GenerationWorkload(model, batch, tokens), rounds, grains, cancellationToken);
    }

    private static async Task CompareAsync(SuiteRun run, GenerationWorkload workload, int rounds, GrainSubject grains, CancellationToken cancellationToken)
    {
        run.Say($"durability: {rounds} rounds of {workload.Batch} answers of {workload.CompletionTokens} tokens");
        var samples = await Interleaved.RunAsync<GenerationSample>(
            rounds,
            [.. Enum.GetValues<ProcessDurability>().Select(durability => new Func<CancellationToken, Task<GenerationSample>>(stop => grains.RunAsync(workload, durability, stop)))],
            cancellationToken);
        var (turn, token) = (samples[(int)ProcessDurability.Turn], samples[(int)ProcessDurability.Token]);
        foreach (var (name, rates) in new[] { "turn", "token" }.Zip([turn, token]))
            run.Say($"  {name,-6} {string.Join("  ", rates.Select(sample => sample.TokensPerSecond.ToString("0.0", CultureInfo.InvariantCulture)))} tokens/s");
        run.Add(Compare($"durability token, {workload.Batch} at once", "tokens/s", sample => sample.TokensPerSecond) with { Goal = Goal.RatioAtLeast(0.95) });
        run.Add(Compare($"durability token, {workload.Batch} at once, processor time a token", "ms", sample => sample.CpuMilliseconds));

        Row Compare(string name, string unit, Func<GenerationSample, double> figure)
        {
            double[] own = [.. token.Select(figure)];
            double[] peer = [.. turn.Select(figure)];
            return new Row
            {
                Suite = KernelBenchmarks.Name,
                Name = name,
                Value = Statistics.Median(own),
                Unit = unit,
                Peer = "durability turn",
                PeerValue = Statistics.Median(peer),
                Ratio = Statistics.MedianRatio(own, peer),
            };
        }
    }
}
