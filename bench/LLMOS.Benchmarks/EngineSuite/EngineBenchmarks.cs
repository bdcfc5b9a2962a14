using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Tokens a second at batch 1, 8 and 32 on one compute thread: a bare loop, the engine, the way through the grains.</summary>
internal sealed class EngineBenchmarks : IBenchmarkSuite
{
    public const string Name = "engine";

    /// <summary>KV cells of each context: room for the largest workload, rounded to what llama.cpp rounds to.</summary>
    private const int ContextCells = 4096;

    private const string Bare = "bare llama_decode loop";

    private static readonly (int Batch, int Tokens, int QuickTokens)[] Workloads = [(1, 160, 320), (8, 64, 96), (32, 48, 24)];

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var path = ModelCache.Find(run);
        using var model = LlamaModel.Load(path);
        await using var engine = new EngineSubject(model, ContextCells);
        await using var grains = await GrainSubject.StartAsync(path, ContextCells, run.Workspace.NewFolder(), cancellationToken);
        foreach (var (batch, tokens, quickTokens) in Workloads)
        {
            var workload = new GenerationWorkload(model, batch, run.Quick ? quickTokens : tokens);
            if (workload.Cells > ContextCells)
                throw new BenchmarkException($"The workload of batch {batch} takes {workload.Cells} cells, and there are {ContextCells}.");
            await CompareAsync(run, model, workload, engine, grains, cancellationToken);
            await CompareBareAsync(run, model, workload, cancellationToken);
        }
    }

    private static async Task CompareAsync(
        SuiteRun run, LlamaModel model, GenerationWorkload workload, EngineSubject engine, GrainSubject grains, CancellationToken cancellationToken)
    {
        run.Say($"batch {workload.Batch}: {workload.Prompts[0].Length} prompt tokens, {workload.CompletionTokens} generated, of each");
        using var bare = new BareLoop(model, new BareLoopOptions { ContextCells = ContextCells, Sequences = workload.Batch });
        var samples = await Interleaved.RunAsync(
            run.Quick ? 4 : 5,
            [_ => bare.RunAsync(workload), _ => engine.RunAsync(workload), stop => grains.RunAsync(workload, stop)],
            cancellationToken);
        run.Add(Rate($"engine alone, batch {workload.Batch}", samples[1], samples[0]) with { Goal = Goal.RatioAtLeast(0.95) });
        run.Add(Rate($"through process and inference grains, batch {workload.Batch}", samples[2], samples[0]) with { Goal = Goal.RatioAtLeast(0.90) });
        var steps = samples.Select(subject => Statistics.Median(subject.Select(sample => (double)sample.Steps))).ToArray();
        run.Add(new Row
        {
            Suite = Name,
            Name = $"steps of the engine, batch {workload.Batch}",
            Value = steps[1],
            Unit = "decodes",
            Peer = Bare,
            PeerValue = steps[0],
            Ratio = steps[1] / steps[0],
        });
    }

    /// <summary>Whether another bare loop would be a faster one to be held against.</summary>
    private static async Task CompareBareAsync(SuiteRun run, LlamaModel model, GenerationWorkload workload, CancellationToken cancellationToken)
    {
        var options = new BareLoopOptions { ContextCells = ContextCells, Sequences = workload.Batch };
        using var bare = new BareLoop(model, options);
        using var nativeSampler = new BareLoop(model, options with { NativeSampler = true });
        using var streams = new BareLoop(model, options with { StreamPerSequence = true });
        var samples = await Interleaved.RunAsync(
            run.Quick ? 1 : 2,
            [_ => bare.RunAsync(workload), _ => nativeSampler.RunAsync(workload), _ => streams.RunAsync(workload)],
            cancellationToken);
        run.Add(Rate($"bare loop with llama.cpp's sampler chain, batch {workload.Batch}", samples[1], samples[0]));
        if (workload.Batch > 1)
            run.Add(Rate($"bare loop with a KV cache for each sequence, batch {workload.Batch}", samples[2], samples[0]));
    }

    private static Row Rate(string name, IReadOnlyList<GenerationSample> samples, IReadOnlyList<GenerationSample> peers)
    {
        double[] values = [.. samples.Select(sample => sample.TokensPerSecond)];
        double[] peerValues = [.. peers.Select(sample => sample.TokensPerSecond)];
        return new Row
        {
            Suite = Name,
            Name = name,
            Value = Statistics.Median(values),
            Unit = "tokens/s",
            Peer = Bare,
            PeerValue = Statistics.Median(peerValues),
            Ratio = Statistics.MedianRatio(values, peerValues),
        };
    }
}
