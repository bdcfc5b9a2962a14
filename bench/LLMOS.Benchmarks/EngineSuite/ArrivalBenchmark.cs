using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// A device that is saturated at the lowest priority, and arrivals of the highest: how long these wait for their first token, and what they cost the background.
/// </summary>
internal static class ArrivalBenchmark
{
    private const double Milliseconds = 1000;
    private const int Percent = 99;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var path = ModelCache.FindSmall(run);
        using var model = LlamaModel.Load(path);
        var cost = await EngineArrivals.CostAsync(model, new ArrivalLoad(model, run.Quick, TimeSpan.Zero), cancellationToken);
        var load = new ArrivalLoad(model, run.Quick, cost);
        run.Say($"{ArrivalLoad.Background} processes at priority 19, {ArrivalLoad.Places} resident; an arrival at priority 0 every {load.Interval.TotalSeconds:0.#} s");
        var subjects = new List<(string Name, Func<CancellationToken, Task<ArrivalSample>> Run)>
        {
            ("policy fair", stop => EngineArrivals.RunAsync(model, load, "fair", stop)),
            ("policy fcfs", stop => EngineArrivals.RunAsync(model, load, "fcfs", stop)),
        };
        if (run.Options.LlamaServer is { } server)
            subjects.Add(($"llama-server, {ArrivalLoad.Places} slots", stop => ServerArrivals.RunAsync(server, path, load, stop)));
        var samples = await Interleaved.RunAsync(run.Rounds, [.. subjects.Select(subject => subject.Run)], cancellationToken);

        var mine = samples[0];
        var name = $"p99 of {mine.Count * load.Arrivals} times to first token, priority 0 on a device full of priority 19";
        var limit = (2 * Statistics.Median(mine.Select(sample => sample.Step))) + Statistics.Median(mine.Select(sample => sample.Alone));
        run.Add(Comparison.Of(name, "ms", Tail(mine), "two steps and its own prefill", limit * Milliseconds) with { Goal = Goal.RatioAtMost(1) });
        for (var peer = 1; peer < subjects.Count; peer++)
            run.Add(Comparison.Of(name, "ms", Tail(mine), subjects[peer].Name, Tail(samples[peer])) with { Goal = Goal.RatioAtMost(0.1) });
        run.Add(Comparison.Of("median of them", "ms", Middle(mine), subjects[1].Name, Middle(samples[1])));
        run.Add(Comparison.Of("p99 of the steps that began until then", "steps", StepTail(mine), subjects[1].Name, StepTail(samples[1])));
        var background = $"goodput of the background with an arrival every {load.Interval.TotalSeconds:0.#} s";
        var (during, before) = (mine.Select(sample => sample.RateDuring), mine.Select(sample => sample.RateBefore));
        run.Add(Comparison.Of(background, "tokens/s", during, "the background before", before) with { Goal = Goal.RatioAtLeast(0.9) });
    }

    private static double Tail(IReadOnlyList<ArrivalSample> samples) => Statistics.Percentile(samples.SelectMany(sample => sample.FirstTokens), Percent) * Milliseconds;

    private static double Middle(IReadOnlyList<ArrivalSample> samples) => Statistics.Median(samples.SelectMany(sample => sample.FirstTokens)) * Milliseconds;

    private static double StepTail(IReadOnlyList<ArrivalSample> samples) => Statistics.Percentile(samples.SelectMany(sample => sample.Steps), Percent);
}
