using System.Diagnostics;
using LLMOS.Benchmarks.EngineSuite.Peers;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference;
using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Arrivals of the highest priority on an engine that is saturated by processes of the lowest.</summary>
internal static class EngineArrivals
{
    /// <summary>The first one meets a cold engine and does not count.</summary>
    private const int AloneSamples = 4;

    private static readonly TimeSpan TimeToFill = TimeSpan.FromSeconds(120);

    /// <summary>Runs the load on an engine of its own.</summary>
    /// <exception cref="BenchmarkException">The background did not fill the device, or an answer was cut short.</exception>
    public static async Task<ArrivalSample> RunAsync(LlamaModel model, ArrivalLoad load, string policy, CancellationToken cancellationToken)
    {
        await using var engine = Start(model, policy);
        var alone = await MeetNobodyAsync(engine, load, cancellationToken);
        var background = new long[1];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var processes = Enumerable.Range(0, ArrivalLoad.Background).Select(_ => WorkAsync(engine, load, background, stop.Token)).ToArray();
        try
        {
            await FillAsync(engine, background, cancellationToken);
            var window = load.Interval * load.Arrivals;
            var steps = engine.Statistics.Steps;
            var (before, seconds) = await CountAsync(background, () => Task.Delay(window, cancellationToken));
            steps = engine.Statistics.Steps - steps;
            var arrivals = new List<Task<(ChatAnswer Answer, long Steps)>>();
            var (during, secondsDuring) = await CountAsync(background, async () =>
            {
                for (var i = 0; i < load.Arrivals; i++)
                {
                    arrivals.Add(ArriveAndCountAsync(engine, load, cancellationToken));
                    await Task.Delay(load.Interval, cancellationToken);
                }
            });
            var answers = await Task.WhenAll(arrivals);
            return new ArrivalSample
            {
                FirstTokens = [.. answers.Select(arrival => arrival.Answer.FirstToken)],
                Steps = [.. answers.Select(arrival => (double)arrival.Steps)],
                Step = seconds / Math.Max(1, steps),
                Alone = alone.FirstToken,
                RateBefore = before / seconds,
                RateDuring = during / secondsDuring,
            };
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(processes);
        }
    }

    /// <summary>How long an arrival takes that meets nobody, to the end of its answer.</summary>
    public static async Task<TimeSpan> CostAsync(LlamaModel model, ArrivalLoad load, CancellationToken cancellationToken)
    {
        await using var engine = Start(model, StepPlanners.Default);
        return TimeSpan.FromSeconds((await MeetNobodyAsync(engine, load, cancellationToken)).Answer);
    }

    private static LlamaCppEngine Start(LlamaModel model, string policy) => new(model, new EngineOptions
    {
        ContextCells = ArrivalLoad.Places * ArrivalLoad.Cells,
        MaxSequences = ArrivalLoad.Places,
        KvLayout = KvLayout.PerSequence,
        HostCells = 1 << 18,
        Threads = 1,
        Policy = policy,
    });

    /// <summary>The medians of the seconds to the first token, and to the end of the answer, of arrivals that have the device to themselves.</summary>
    private static async Task<(double FirstToken, double Answer)> MeetNobodyAsync(LlamaCppEngine engine, ArrivalLoad load, CancellationToken cancellationToken)
    {
        var (firsts, answers) = (new List<double>(), new List<double>());
        for (var i = 0; i < AloneSamples; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            firsts.Add((await ArriveAsync(engine, load, cancellationToken)).FirstToken);
            answers.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        }

        return (Statistics.Median(firsts.Skip(1)), Statistics.Median(answers.Skip(1)));
    }

    private static async Task WorkAsync(LlamaCppEngine engine, ArrivalLoad load, long[] tokens, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var request = EngineChats.Request(load.NextPrompt(), ArrivalLoad.BackgroundAnswer) with { Priority = SchedulingClass.LowestPriority };
            await EngineChats.AskAsync(engine, request, cancellationToken, () => Interlocked.Increment(ref tokens[0]));
        }
    }

    /// <summary>Waits until every place is taken and each of them has generated something.</summary>
    private static async Task FillAsync(LlamaCppEngine engine, long[] tokens, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (engine.Statistics.Active < ArrivalLoad.Places || Interlocked.Read(ref tokens[0]) < ArrivalLoad.Places * ArrivalLoad.ArrivalAnswer)
        {
            if (Stopwatch.GetElapsedTime(start) > TimeToFill)
                throw new BenchmarkException($"{ArrivalLoad.Background} background processes did not fill {ArrivalLoad.Places} places in {TimeToFill.TotalSeconds:0} s: what an arrival meets says nothing.");
            await Task.Delay(5, cancellationToken);
        }
    }

    /// <summary>The tokens that were generated, and the seconds that went by, while something else was done.</summary>
    private static async Task<(long Tokens, double Seconds)> CountAsync(long[] tokens, Func<Task> whileAsync)
    {
        var (before, start) = (Interlocked.Read(ref tokens[0]), Stopwatch.GetTimestamp());
        await whileAsync();
        return (Interlocked.Read(ref tokens[0]) - before, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static async Task<(ChatAnswer Answer, long Steps)> ArriveAndCountAsync(LlamaCppEngine engine, ArrivalLoad load, CancellationToken cancellationToken)
    {
        var (before, first) = (engine.Statistics.Steps, -1L);
        var answer = await ArriveAsync(engine, load, cancellationToken, () => first = first < 0 ? engine.Statistics.Steps : first);
        return (answer, first - before);
    }

    private static async Task<ChatAnswer> ArriveAsync(LlamaCppEngine engine, ArrivalLoad load, CancellationToken cancellationToken, Action? onToken = null)
    {
        var request = EngineChats.Request(load.NextPrompt(), ArrivalLoad.ArrivalAnswer) with { Priority = SchedulingClass.HighestPriority };
        var answer = await EngineChats.AskAsync(engine, request, cancellationToken, onToken);
        return answer.Generated == ArrivalLoad.ArrivalAnswer
            ? answer
            : throw new BenchmarkException($"An arrival got {answer.Generated} tokens of {ArrivalLoad.ArrivalAnswer}: its time says nothing.");
    }
}
