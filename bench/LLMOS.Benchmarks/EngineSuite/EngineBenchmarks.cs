using System.Globalization;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The engine on one compute thread, in groups of rows: what planning takes, the rate beside a bare loop and beside other servers, and what forced tokens, guessing, sharing, swapping, priorities, quanta and threads are worth.</summary>
internal sealed class EngineBenchmarks : IBenchmarkSuite
{
    public const string Name = "engine";

    /// <summary>KV cells of each context: room for the largest workload, rounded to what llama.cpp rounds to.</summary>
    private const int ContextCells = 4096;

    private const string Bare = "bare llama_decode loop";

    /// <summary>Short runs want more rounds: a neighbour's burst takes a larger share of one.</summary>
    private static readonly (int Batch, int Tokens, int Rounds)[] Workloads = [(1, 240, 12), (8, 64, 6), (32, 48, 6)];

    private static readonly (int Batch, int Tokens, int Rounds)[] QuickWorkloads = [(1, 240, 4), (8, 96, 3), (32, 24, 3)];

    /// <summary>The groups of rows.</summary>
    public static RowGroups Groups { get; } = new(
        ("planner", PlannerBenchmarks.CompareAsync),
        ("bare", CompareAsync),
        ("chats", ChatBenchmark.MeasureAsync),
        ("prefix", SharedPrefixBenchmark.MeasureAsync),
        ("swapping", SwappingBenchmark.MeasureAsync),
        ("arrivals", ArrivalBenchmark.MeasureAsync),
        ("fairness", FairnessBenchmark.MeasureAsync),
        ("forced", ForcedTokensBenchmark.MeasureAsync),
        ("speculation", SpeculationBenchmark.MeasureAsync),
        ("threads", ThreadBenchmark.MeasureAsync));

    public Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken) => Groups.MeasureAsync(run, cancellationToken);

    /// <summary>Batch 1, 8 and 32: a bare loop, the engine, the way through the grains.</summary>
    private static async Task CompareAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var path = ModelCache.Find(run);
        using var model = LlamaModel.Load(path);
        await using var engine = new EngineSubject(model, ContextCells);
        await using var grains = await GrainSubject.StartAsync(path, ContextCells, run.Workspace.NewFolder(), cancellationToken);
        foreach (var (batch, tokens, rounds) in run.Quick ? QuickWorkloads : Workloads)
        {
            var workload = new GenerationWorkload(model, batch, tokens);
            if (workload.Cells > ContextCells)
                throw new BenchmarkException($"The workload of batch {batch} takes {workload.Cells} cells, and there are {ContextCells}.");
            await CompareAsync(run, model, workload, rounds, engine, grains, cancellationToken);
            if (batch > 1)
                await CompareStreamsAsync(run, model, workload, cancellationToken);
        }

        await CompareSamplersAsync(run, model, cancellationToken);
    }

    private static async Task CompareAsync(
        SuiteRun run,
        LlamaModel model,
        GenerationWorkload workload,
        int rounds,
        EngineSubject engine,
        GrainSubject grains,
        CancellationToken cancellationToken)
    {
        run.Say($"batch {workload.Batch}: {workload.Prompts[0].Length} prompt tokens, {workload.CompletionTokens} generated, of each");
        using var bare = new BareLoop(model, new BareLoopOptions { ContextCells = ContextCells, Sequences = workload.Batch });
        var samples = await Interleaved.RunAsync(
            rounds,
            [_ => bare.RunAsync(workload), _ => engine.RunAsync(workload), stop => grains.RunAsync(workload, stop)],
            cancellationToken);
        foreach (var (subject, rates) in new[] { "bare", "engine", "grains" }.Zip(samples))
            run.Say($"  {subject,-6} {string.Join("  ", rates.Select(sample => sample.TokensPerSecond.ToString("0.0", CultureInfo.InvariantCulture)))} tokens/s");
        var (engineName, grainsName) = ($"engine alone, batch {workload.Batch}", $"through process and inference grains, batch {workload.Batch}");
        run.Add(Rate(engineName, samples[1], samples[0]) with { Goal = Goal.RatioAtLeast(0.95) });
        run.Add(Rate(grainsName, samples[2], samples[0]) with { Goal = Goal.RatioAtLeast(0.90) });
        run.Add(Compare($"processor time a token, {engineName}", "ms", samples[1], samples[0], sample => sample.CpuMilliseconds));
        run.Add(Compare($"processor time a token, {grainsName}", "ms", samples[2], samples[0], sample => sample.CpuMilliseconds));
        run.Add(Compare($"steps, {engineName}", "decodes", samples[1], samples[0], sample => sample.Steps));
    }

    /// <summary>Whether a bare loop with a KV cache for each sequence, which the engine has not, would be a faster one to be held against.</summary>
    private static async Task CompareStreamsAsync(SuiteRun run, LlamaModel model, GenerationWorkload workload, CancellationToken cancellationToken)
    {
        var options = new BareLoopOptions { ContextCells = ContextCells, Sequences = workload.Batch };
        using var bare = new BareLoop(model, options);
        using var streams = new BareLoop(model, options with { StreamPerSequence = true });
        var samples = await Interleaved.RunAsync(
            run.Quick ? 1 : 3, [_ => bare.RunAsync(workload), _ => streams.RunAsync(workload)], cancellationToken);
        run.Add(Rate($"bare loop with a KV cache for each sequence, batch {workload.Batch}", samples[1], samples[0]));
    }

    private static async Task CompareSamplersAsync(SuiteRun run, LlamaModel model, CancellationToken cancellationToken)
    {
        const int Samples = 2_000;
        var workload = new GenerationWorkload(model, batch: 1, completionTokens: 1);
        using var bare = new BareLoop(model, new BareLoopOptions { ContextCells = ContextCells, Sequences = 1 });
        var samples = await Interleaved.RunAsync(
            5, [_ => bare.SampleAsync(workload, engines: true, Samples), _ => bare.SampleAsync(workload, engines: false, Samples)], cancellationToken);
        run.Add(new Row
        {
            Suite = Name,
            Name = $"sampling a token of {model.VocabularySize}, engine's sampler",
            Value = Statistics.Median(samples[0]),
            Unit = "µs",
            Peer = "llama.cpp's sampler chain",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
        });
    }

    private static Row Rate(string name, IReadOnlyList<GenerationSample> samples, IReadOnlyList<GenerationSample> peers) =>
        Compare(name, "tokens/s", samples, peers, sample => sample.TokensPerSecond);

    private static Row Compare(
        string name, string unit, IReadOnlyList<GenerationSample> samples, IReadOnlyList<GenerationSample> peers, Func<GenerationSample, double> select)
    {
        double[] values = [.. samples.Select(select)];
        double[] peerValues = [.. peers.Select(select)];
        return new Row
        {
            Suite = Name,
            Name = name,
            Value = Statistics.Median(values),
            Unit = unit,
            Peer = Bare,
            PeerValue = Statistics.Median(peerValues),
            Ratio = Statistics.MedianRatio(values, peerValues),
        };
    }
}
