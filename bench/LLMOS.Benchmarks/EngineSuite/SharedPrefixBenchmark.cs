using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>32 agents that begin alike ask at once: how much of their prompts is computed, and when the last of them gets its first token.</summary>
internal static class SharedPrefixBenchmark
{
    private const int Agents = 32;
    private const int Common = 1024;
    private const int Own = 64;
    private const int Answer = 4;
    private const int Distinct = Common + (Agents * Own);
    private const int ContextCells = 8192;

    public static async Task MeasureAsync(SuiteRun run, LlamaModel model, CancellationToken cancellationToken)
    {
        run.Say($"{Agents} agents with {Common} tokens in common and {Own} of their own");
        var samples = await Interleaved.RunAsync(
            run.Quick ? 1 : 3, [_ => RunAsync(model, EngineOptions.DefaultMinimumSharedTokens), _ => RunAsync(model, minimumShared: 0)], cancellationToken);
        double[] distinct = [.. samples[0].Select(_ => (double)Distinct)];
        var name = $"of {Agents} agents with {Common} tokens in common and {Own} of their own";
        run.Add(Row($"prefill computed {name}", "tokens", samples[0].Select(sample => (double)sample.Prefilled), "distinct tokens", distinct) with { Goal = Goal.RatioAtMost(1.1) });
        run.Add(Row($"last first token {name}", "s", samples[0].Select(sample => sample.Seconds), "sharing off", samples[1].Select(sample => sample.Seconds)));
    }

    /// <summary>One engine a run, so that it has nothing from the run before.</summary>
    private static async Task<(long Prefilled, double Seconds)> RunAsync(LlamaModel model, int minimumShared)
    {
        await using var engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = ContextCells, Threads = 1, MinimumSharedTokens = minimumShared });
        var began = Stopwatch.GetTimestamp();
        var handles = Enumerable.Range(0, Agents).Select(agent => engine.Submit(new GenerationRequest
        {
            Key = $"agent {agent}",
            Domain = "benchmark",
            PromptTokens = (int[])[.. Tokens(model, 0, Common), .. Tokens(model, agent + 1, Own)],
            MaxTokens = Answer,
            Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
        })).ToArray();
        var last = 0.0;
        foreach (var handle in handles)
            last = Math.Max(last, (await handle.Completion).TimeToFirstToken.TotalSeconds);
        var statistics = engine.Statistics;
        if (statistics.DecodedTokens < (Agents * Answer) - Agents || Stopwatch.GetElapsedTime(began).TotalSeconds < last)
            throw new BenchmarkException($"The engine counts {statistics.DecodedTokens} generated tokens of {Agents * Answer}: its time says nothing.");
        return (statistics.PrefilledTokens, last);
    }

    /// <summary>So many ordinary tokens; each number gives others from the first on.</summary>
    internal static int[] Tokens(LlamaModel model, int number, int count)
    {
        const int FirstWord = 300;
        var random = new Random(number);
        var words = model.VocabularySize - FirstWord;
        return [FirstWord + (number % words), .. Enumerable.Range(1, count - 1).Select(_ => FirstWord + random.Next(words))];
    }

    private static Row Row(string name, string unit, IEnumerable<double> values, string peer, IEnumerable<double> peers)
    {
        double[] mine = [.. values];
        double[] theirs = [.. peers];
        return new Row
        {
            Suite = EngineBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(mine),
            Unit = unit,
            Peer = peer,
            PeerValue = Statistics.Median(theirs),
            Ratio = Statistics.MedianRatio(mine, theirs),
        };
    }
}
