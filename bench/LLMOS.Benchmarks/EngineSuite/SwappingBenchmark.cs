using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// Many more processes than the context has places for, each in turns of one quantum: what is left of the rate at which as many processes as there are places run.
/// </summary>
internal static class SwappingBenchmark
{
    private const int Places = 16;
    private const int Quantum = 32;
    private const int Prompt = 128;
    private const int Question = 4;
    private const int ContextCells = 8192;

    /// <summary>Turns of each of the few, whose contexts must not grow much longer than those of the many.</summary>
    private const int TurnsOfFew = 6;

    public static async Task MeasureAsync(SuiteRun run, LlamaModel model, CancellationToken cancellationToken)
    {
        var processes = run.Quick ? 96 : 512;
        run.Say($"{processes} processes, {Places} resident, {Quantum} tokens a turn");
        var few = await RateAsync(model, Places, TurnsOfFew, SwapInChoice.Measured, cancellationToken);
        var many = await RateAsync(model, processes, turns: 1, SwapInChoice.Measured, cancellationToken);
        var prefilled = await RateAsync(model, processes, turns: 1, SwapInChoice.Prefill, cancellationToken);
        var name = $"goodput of {processes} processes, {Places} resident, quantum {Quantum}";
        run.Add(Row(name, many, $"{Places} processes", few) with { Goal = Goal.RatioAtLeast(0.8) });
        run.Add(Row(name, many, "computing again instead of swapping", prefilled));
    }

    /// <summary>Generated tokens a second of turns that all processes make after a first one, which is not timed.</summary>
    private static async Task<double> RateAsync(LlamaModel model, int processes, int turns, SwapInChoice choice, CancellationToken cancellationToken)
    {
        await Quiet.WaitAsync(cancellationToken);
        await using var engine = new LlamaCppEngine(model, new EngineOptions
        {
            ContextCells = ContextCells,
            Threads = 1,
            MaxSequences = Places,
            HostCells = 1 << 20,
            SwapInChoice = choice,
        });
        var contexts = Enumerable.Range(0, processes).Select(process => SharedPrefixBenchmark.Tokens(model, process, Prompt).ToList()).ToArray();
        await AllAsync(engine, contexts, turns: 1, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        await AllAsync(engine, contexts, turns, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var generated = contexts.Sum(context => context.Count - Prompt) - (processes * (turns + 1) * Question);
        return generated == processes * (turns + 1) * Quantum
            ? processes * turns * Quantum / seconds
            : throw new BenchmarkException($"{processes} processes generated {generated} tokens in {turns + 1} turns of {Quantum}: their rate says nothing.");
    }

    private static Task AllAsync(LlamaCppEngine engine, List<int>[] contexts, int turns, CancellationToken cancellationToken) =>
        Task.WhenAll(contexts.Select(async (context, process) =>
        {
            for (var turn = 0; turn < turns; turn++)
            {
                var handle = engine.Submit(new GenerationRequest
                {
                    Key = $"process {process}",
                    PromptTokens = context.ToArray(),
                    MaxTokens = Quantum,
                    Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
                });
                await foreach (var token in handle.ReadAllAsync(cancellationToken))
                    context.Add(token.Id);
                await handle.Completion;
                context.AddRange(SharedPrefixBenchmark.Tokens(engine.Model, process, Question));
            }
        }));

    private static Row Row(string name, double value, string peer, double peerValue) => new()
    {
        Suite = EngineBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = "tokens/s",
        Peer = peer,
        PeerValue = peerValue,
        Ratio = value / peerValue,
    };
}
