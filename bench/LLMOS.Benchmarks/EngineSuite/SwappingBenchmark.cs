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
    private const int Question = 4;

    /// <summary>Turns of each of the few, so that their time is long enough.</summary>
    private const int TurnsOfFew = 3;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        using var model = LlamaModel.Load(ModelCache.FindSmall(run));
        var (processes, recomputed, prompt) = run.Quick ? (32, 32, 128) : (512, 96, 256);
        var longest = prompt + ((run.Rounds + 2) * (Quantum + Question));
        run.Say($"{processes} processes, {Places} resident, {Quantum} tokens a turn");
        await using var many = new Turns(model, processes, prompt, longest, SwapInChoice.Measured);
        // Not as many: what computing a context again costs does not depend on how many take turns.
        await using var recomputing = new Turns(model, recomputed, prompt, longest, SwapInChoice.Prefill);
        await many.RunAsync(1, cancellationToken); // The prompts are computed in a first turn, which is not timed.
        await recomputing.RunAsync(1, cancellationToken);
        var samples = await Interleaved.RunAsync(
            run.Rounds, [stop => many.RunAsync(1, stop), stop => RunFewAsync(model, many.ContextTokens, stop), stop => recomputing.RunAsync(1, stop)], cancellationToken);
        var name = $"goodput of {processes} processes, {Places} resident, quantum {Quantum}";
        run.Add(Comparison.Of(name, "tokens/s", Rates(samples[0]), $"{Places} processes", Rates(samples[1])) with { Goal = Goal.RatioAtLeast(0.9) });
        run.Add(Comparison.Of(name, "tokens/s", Rates(samples[0]), "computing again instead of swapping", Rates(samples[2])) with { Goal = Goal.RatioAtLeast(5) });
        run.Add(Comparison.Of($"tokens computed again for each of {processes} processes", "tokens", Recomputed(samples[0]), "computing again instead of swapping", Recomputed(samples[2])));
    }

    private static IEnumerable<double> Rates(IReadOnlyList<(double Rate, double Recomputed)> samples) => samples.Select(sample => sample.Rate);

    private static IEnumerable<double> Recomputed(IReadOnlyList<(double Rate, double Recomputed)> samples) => samples.Select(sample => sample.Recomputed);

    /// <summary>As many processes as there are places, whose contexts are as long as those of the many are now.</summary>
    private static async Task<(double Rate, double Recomputed)> RunFewAsync(LlamaModel model, int contextTokens, CancellationToken cancellationToken)
    {
        await using var few = new Turns(
            model, Places, contextTokens - Quantum - Question, contextTokens + ((TurnsOfFew + 1) * (Quantum + Question)), SwapInChoice.Measured);
        await few.RunAsync(1, cancellationToken);
        return await few.RunAsync(TurnsOfFew, cancellationToken);
    }

    /// <summary>Processes of one engine that take turns, all at once.</summary>
    private sealed class Turns : IAsyncDisposable
    {
        private readonly LlamaCppEngine _engine;
        private readonly List<int>[] _contexts;

        public Turns(LlamaModel model, int processes, int prompt, int longest, SwapInChoice choice)
        {
            _engine = new LlamaCppEngine(model, new EngineOptions
            {
                ContextCells = Places * longest,
                Threads = 1,
                MaxSequences = Places,
                HostCells = 1 << 20,
                SwapInChoice = choice,
                Quantum = Quantum,
            });
            _contexts = [.. Enumerable.Range(0, processes).Select(process => SharedPrefixBenchmark.Tokens(model, process, prompt).ToList())];
        }

        /// <summary>Tokens of each process now.</summary>
        public int ContextTokens => _contexts[0].Count;

        /// <summary>Generated tokens a second of turns that all processes make, and prompt tokens that were computed for each of them besides the questions.</summary>
        public async Task<(double Rate, double Recomputed)> RunAsync(int turns, CancellationToken cancellationToken)
        {
            var (generated, before) = (0, _engine.Statistics);
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(_contexts.Select(async (context, process) =>
            {
                for (var turn = 0; turn < turns; turn++)
                {
                    Interlocked.Add(ref generated, await TurnAsync(context, process, cancellationToken));
                    context.AddRange(SharedPrefixBenchmark.Tokens(_engine.Model, process, Question));
                }
            }));
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            var due = _contexts.Length * turns * Quantum;
            if (generated != due)
                throw new BenchmarkException($"{_contexts.Length} processes generated {generated} tokens in {turns} turns of {Quantum}, where {due} were due: their rate says nothing.");
            var computed = (double)(_engine.Statistics.PrefilledTokens - before.PrefilledTokens) / (_contexts.Length * turns);
            return (due / seconds, Math.Max(1, computed - Question));
        }

        public ValueTask DisposeAsync() => _engine.DisposeAsync();

        private async Task<int> TurnAsync(List<int> context, int process, CancellationToken cancellationToken)
        {
            var handle = _engine.Submit(new GenerationRequest
            {
                Key = $"process {process}",
                PromptTokens = context.ToArray(),
                MaxTokens = Quantum,
                Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
            });
            await foreach (var token in handle.ReadAllAsync(cancellationToken))
                context.Add(token.Id);
            return (await handle.Completion).CompletionTokens;
        }
    }
}
