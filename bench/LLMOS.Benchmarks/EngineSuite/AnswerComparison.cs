using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>One request at a time on two engines that differ in an option, by turns: the rates, and the decodes that it took.</summary>
internal static class AnswerComparison
{
    private const int ContextCells = 2048;

    /// <summary>Runs the requests on both engines and adds a row of their rates and one of their decodes.</summary>
    /// <param name="run">The run of the suite.</param>
    /// <param name="model">The model of both.</param>
    /// <param name="name">What is generated.</param>
    /// <param name="peer">What the other engine does not do.</param>
    /// <param name="without">Takes from an engine what is measured.</param>
    /// <param name="requests">What is generated, one after the other.</param>
    /// <param name="goal">What the ratio of the rates is to be.</param>
    /// <param name="cancellationToken">Stops before the next run.</param>
    /// <exception cref="BenchmarkException">The engines gave different tokens, or fewer than were asked for.</exception>
    public static async Task MeasureAsync(
        SuiteRun run, LlamaModel model, string name, string peer, Func<EngineOptions, EngineOptions> without, GenerationRequest[] requests, Goal goal, CancellationToken cancellationToken)
    {
        run.Say(name);
        var options = new EngineOptions { ContextCells = ContextCells, Threads = 1 };
        await using var engine = new LlamaCppEngine(model, options);
        await using var other = new LlamaCppEngine(model, without(options));
        var samples = await Interleaved.RunAsync(
            run.Quick ? 3 : 5, [_ => RunAsync(engine, requests), _ => RunAsync(other, requests)], cancellationToken);
        run.Say($"  {Of(samples[0], "forced", sample => sample.Forced)}, {Of(samples[0], "drafted", sample => sample.Drafted)}, {Of(samples[0], "accepted", sample => sample.Accepted)} of {requests.Sum(request => request.MaxTokens)} tokens");
        run.Add(Row(name, "tokens/s", sample => sample.TokensPerSecond) with { Goal = goal });
        run.Add(Row($"processor time a token, {name}", "ms", sample => sample.CpuMilliseconds));
        run.Add(Row($"steps, {name}", "decodes", sample => sample.Steps));

        Row Row(string row, string unit, Func<AnswerSample, double> select)
        {
            double[] mine = [.. samples[0].Select(select)];
            double[] theirs = [.. samples[1].Select(select)];
            return new Row
            {
                Suite = EngineBenchmarks.Name,
                Name = row,
                Value = Statistics.Median(mine),
                Unit = unit,
                Peer = peer,
                PeerValue = Statistics.Median(theirs),
                Ratio = Statistics.MedianRatio(mine, theirs),
            };
        }

        static string Of(IReadOnlyList<AnswerSample> samples, string what, Func<AnswerSample, double> select) => $"{Statistics.Median(samples.Select(select)):0} {what}";
    }

    /// <summary>The time is from a request's first token to its last: what is compared changes nothing before.</summary>
    private static async Task<AnswerSample> RunAsync(LlamaCppEngine engine, GenerationRequest[] requests)
    {
        var (wall, processor) = (TimeSpan.Zero, TimeSpan.Zero);
        var (before, tokens, forced, drafted, accepted) = (engine.Statistics.Steps, 0, 0, 0, 0);
        foreach (var request in requests)
        {
            var handle = engine.Submit(request);
            await handle.Tokens.WaitToReadAsync();
            var timer = WorkTimer.Start();
            await foreach (var _ in handle.ReadAllAsync())
            {
            }
            var took = timer.Stop();
            (wall, processor) = (wall + took.Wall, processor + took.Processor);
            var result = await handle.Completion;
            if (result.CompletionTokens != request.MaxTokens)
                throw new BenchmarkException($"The engine generated {result.CompletionTokens} tokens of {request.MaxTokens}: its rate says nothing.");
            tokens += result.CompletionTokens - 1;
            forced += result.ForcedTokens;
            drafted += result.DraftedTokens;
            accepted += result.AcceptedTokens;
        }
        return new AnswerSample(tokens / wall.TotalSeconds, processor.TotalMilliseconds / tokens, engine.Statistics.Steps - before, forced, drafted, accepted);
    }
}
