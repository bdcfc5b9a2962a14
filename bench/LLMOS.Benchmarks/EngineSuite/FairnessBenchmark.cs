using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;
using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Equal processes, twice as many as there are places: how evenly they are served while all of them still run, and how long one waits at most.</summary>
internal static class FairnessBenchmark
{
    private const int Processes = 16;
    private const int Places = Processes / 2;
    private const int Prompt = 64;
    private const int Cells = Places * (Prompt + FullAnswer);
    private const int FullAnswer = 256;
    private const int QuickAnswer = 192;

    private readonly record struct Sample(double Jain, long LongestWait, long Bound);

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        using var model = LlamaModel.Load(ModelCache.Find(run));
        var answer = run.Quick ? QuickAnswer : FullAnswer;
        run.Say($"{Processes} equal processes, {Places} resident, {answer} tokens of each");
        var samples = await Interleaved.RunAsync(
            run.Rounds, [stop => RunAsync(model, StepPlanners.Default, answer, stop), stop => RunAsync(model, "fcfs", answer, stop)], cancellationToken);
        var name = $"of {Processes} equal processes, {Places} resident";
        var (jain, jainOfFcfs) = (samples[0].Select(sample => sample.Jain), samples[1].Select(sample => sample.Jain));
        run.Add(Comparison.Of($"Jain index of the service {name}", "", jain, "policy fcfs", jainOfFcfs) with { Goal = Goal.ValueAtLeast(0.98) });
        var (wait, bound) = (samples[0].Max(sample => sample.LongestWait), samples[0].Min(sample => sample.Bound));
        run.Add(Comparison.Of($"longest wait {name}", "steps", wait, "the documented bound", bound) with { Goal = Goal.RatioAtMost(1) });
        var (waits, waitsOfFcfs) = (samples[0].Select(sample => (double)sample.LongestWait), samples[1].Select(sample => (double)sample.LongestWait));
        run.Add(Comparison.Of($"longest wait {name}", "steps", waits, "policy fcfs", waitsOfFcfs));
    }

    private static async Task<Sample> RunAsync(LlamaModel model, string policy, int answer, CancellationToken cancellationToken)
    {
        var planning = new PlannerOptions();
        var meter = new PlanMeter(StepPlanners.Create(policy, planning), planning);
        // Half-way, when nobody has ended who was served no more than a share and a quantum.
        var tally = new ServiceTally(Processes, Prompt, Processes * answer / 2);
        await using var engine = new LlamaCppEngine(model, new EngineOptions { ContextCells = Cells, MaxSequences = Places, HostCells = 1 << 16, Threads = 1, Planner = meter });
        var answers = await Task.WhenAll(Enumerable.Range(0, Processes).Select(process => EngineChats.AskAsync(
            engine,
            EngineChats.Request(SharedPrefixBenchmark.Tokens(model, process, Prompt), answer) with { Key = $"process {process}" },
            cancellationToken,
            () => tally.Count(process))));
        return tally.Standing is { } standing && answers.All(one => one.Generated == answer)
            ? new Sample(Statistics.Jain(standing), meter.LongestWait, meter.Bound(SchedulingClass.DefaultPriority, Math.Min(Places, Cells / (Prompt + answer)), Cells))
            : throw new BenchmarkException($"{Processes} processes generated {answers.Sum(one => one.Generated)} tokens, where {Processes * answer} were due: how they were served says nothing.");
    }
}
