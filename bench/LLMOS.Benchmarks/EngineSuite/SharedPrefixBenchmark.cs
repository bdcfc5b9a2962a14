using System.Diagnostics;
using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Agents that begin alike ask at once: how much of their prompts is computed, and when the last of them gets its first token.</summary>
internal static class SharedPrefixBenchmark
{
    private const int Answer = 4;
    private const int ContextCells = 8192;

    /// <summary>What the agents ask: 32 of them with 1,024 tokens in common and 64 of their own, or half of each for a quick run.</summary>
    private readonly record struct Load(int Agents, int Common, int Own)
    {
        public int Distinct => Common + (Agents * Own);

        public int Cells => (Common + Own + Answer + 255) / 256 * 256;

        public override string ToString() => $"{Agents} agents with {Common} tokens in common and {Own} of their own";
    }

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var path = ModelCache.FindSmall(run);
        using var model = LlamaModel.Load(path);
        var load = run.Quick ? new Load(16, 512, 32) : new Load(32, 1024, 64);
        run.Say($"{load}");
        var subjects = new List<(string Name, Func<CancellationToken, Task<(long Prefilled, double Seconds)>> Run)>
        {
            ("engine", _ => RunAsync(model, load, EngineOptions.DefaultMinimumSharedTokens)),
            ("sharing off", _ => RunAsync(model, load, minimumShared: 0)),
        };
        if (run.Options.LlamaServer is { } server)
        {
            foreach (var slots in (int[])[load.Agents, 1])
            {
                var settings = new LlamaServerSettings(slots, load.Cells) { CachePrompts = true, Clients = load.Agents };
                subjects.Add(($"llama-server cold, {settings}", stop => RunAsync(server, path, model, load, settings, stop)));
            }
        }

        var samples = await Interleaved.RunAsync(run.Rounds, [.. subjects.Select(subject => subject.Run)], cancellationToken);
        run.Add(Comparison.Of($"prefill computed of {load}", "tokens", Prefilled(samples[0]), "distinct tokens", samples[0].Select(_ => (double)load.Distinct)) with { Goal = Goal.RatioAtMost(1.1) });
        for (var peer = 1; peer < subjects.Count; peer++)
        {
            var isCold = subjects[peer].Name.StartsWith($"llama-server cold, {load.Agents} ", StringComparison.Ordinal);
            run.Add(Comparison.Of($"last first token of {load}", "s", Seconds(samples[0]), subjects[peer].Name, Seconds(samples[peer])) with { Goal = isCold ? Goal.RatioAtMost(0.2) : null });
            run.Add(Comparison.Of($"prefill computed of {load}", "tokens", Prefilled(samples[0]), subjects[peer].Name, Prefilled(samples[peer])));
        }
    }

    /// <summary>So many ordinary tokens; each number gives others from the first on.</summary>
    internal static int[] Tokens(LlamaModel model, int number, int count)
    {
        const int FirstWord = 300;
        var random = new Random(number);
        var words = model.VocabularySize - FirstWord;
        return [FirstWord + (number % words), .. Enumerable.Range(1, count - 1).Select(_ => FirstWord + random.Next(words))];
    }

    private static IEnumerable<double> Prefilled(IReadOnlyList<(long Prefilled, double Seconds)> samples) => samples.Select(sample => (double)sample.Prefilled);

    private static IEnumerable<double> Seconds(IReadOnlyList<(long Prefilled, double Seconds)> samples) => samples.Select(sample => sample.Seconds);

    private static int[] PromptOf(LlamaModel model, Load load, int agent) => [.. Tokens(model, 0, load.Common), .. Tokens(model, agent + 1, load.Own)];

    /// <summary>One engine a run, so that it has nothing from the run before.</summary>
    private static async Task<(long Prefilled, double Seconds)> RunAsync(LlamaModel model, Load load, int minimumShared)
    {
        await using var engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = ContextCells, Threads = 1, MinimumSharedTokens = minimumShared });
        var began = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, load.Agents).Select(agent => EngineChats.AskAsync(
            engine,
            EngineChats.Request(PromptOf(model, load, agent), Answer) with { Key = $"agent {agent}", Domain = "benchmark" },
            CancellationToken.None)));
        var last = answers.Max(answer => answer.FirstToken);
        var statistics = engine.Statistics;
        if (answers.Sum(answer => answer.Generated) != load.Agents * Answer || Stopwatch.GetElapsedTime(began).TotalSeconds < last)
            throw new BenchmarkException($"The engine counts {statistics.DecodedTokens} generated tokens of {load.Agents * Answer}: its time says nothing.");
        return (statistics.PrefilledTokens, last);
    }

    /// <summary>One server a run; its start is not timed.</summary>
    private static async Task<(long Prefilled, double Seconds)> RunAsync(
        string server, string path, LlamaModel model, Load load, LlamaServerSettings settings, CancellationToken cancellationToken)
    {
        await using var started = await LlamaServer.StartAsync(server, path, settings, cancellationToken);
        var answers = await Task.WhenAll(Enumerable.Range(0, load.Agents).Select(agent => started.AskAsync(PromptOf(model, load, agent), Answer, cancellationToken)));
        if (answers.Sum(answer => answer.Generated) != load.Agents * Answer)
            throw new BenchmarkException($"{started.Name} generated {answers.Sum(answer => answer.Generated)} tokens of {load.Agents * Answer}: its time says nothing.");
        return (answers.Sum(answer => answer.Prefilled), answers.Max(answer => answer.FirstToken));
    }
}
