using System.Globalization;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>What compute threads are worth beside a .NET thread that is always busy: those that sleep between decodes beside those that llama.cpp starts with each, and the measured count beside fixed ones.</summary>
internal static class ThreadBenchmark
{
    private const int ContextCells = 2048;
    private const int Batch = 4;
    private const int Tokens = 32;

    /// <summary>Threads without a core of their own are slower by orders of magnitude.</summary>
    private const int QuickTokens = 6;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var cores = Environment.ProcessorCount;
        if (cores == 1)
            return;
        using var model = LlamaModel.Load(ModelCache.Find(run));
        var workload = new GenerationWorkload(model, Batch, run.Quick ? QuickTokens : Tokens);
        await using var one = new EngineSubject(model, ContextCells);
        await using var all = new EngineSubject(model, ContextCells, cores);
        await using var unpooled = new EngineSubject(model, ContextCells, cores, withoutPool: true);
        await using var measured = new EngineSubject(model, ContextCells, threads: 0);
        run.Say($"threads: {measured.Threads} of {cores} were measured to be the best");
        EngineSubject[] subjects = [one, all, unpooled, measured];
        var samples = await Interleaved.RunAsync(
            run.Quick ? 2 : 5, [.. subjects.Select(subject => (Func<CancellationToken, Task<double>>)(_ => RateAsync(subject, workload)))], cancellationToken);
        foreach (var (subject, rates) in new[] { "1 thread", $"{cores}, pooled", $"{cores}, unpooled", "measured" }.Zip(samples))
            run.Say($"  {subject,-14} {string.Join("  ", rates.Select(rate => rate.ToString("0.0", CultureInfo.InvariantCulture)))} tokens/s");
        var company = "beside a busy .NET thread";
        run.Add(Row($"{cores} threads that sleep between decodes, {company}", samples[1], "threads that llama.cpp starts with each decode", samples[2]));
        run.Add(Row($"the measured count of threads ({measured.Threads}), {company}", samples[3], $"{cores} threads", samples[1]));
        run.Add(Row($"the measured count of threads ({measured.Threads}), {company}", samples[3], "1 thread", samples[0]) with { Goal = Goal.RatioAtLeast(0.95) });
    }

    private static async Task<double> RateAsync(EngineSubject subject, GenerationWorkload workload)
    {
        using var ends = new CancellationTokenSource();
        var busy = Task.Factory.StartNew(
            () =>
            {
                while (!ends.IsCancellationRequested)
                    Thread.SpinWait(100);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            return (await subject.RunAsync(workload)).TokensPerSecond;
        }
        finally
        {
            await ends.CancelAsync();
            await busy;
        }
    }

    private static Row Row(string name, IReadOnlyList<double> values, string peer, IReadOnlyList<double> peerValues) => new()
    {
        Suite = EngineBenchmarks.Name,
        Name = name,
        Value = Statistics.Median(values),
        Unit = "tokens/s",
        Peer = peer,
        PeerValue = Statistics.Median(peerValues),
        Ratio = Statistics.MedianRatio(values, peerValues),
    };
}
