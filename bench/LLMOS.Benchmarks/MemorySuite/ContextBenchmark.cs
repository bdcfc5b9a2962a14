using System.Diagnostics;
using System.Globalization;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>
/// A conversation of fifty windows in which a hundred facts were said, each asked for at the end: how many of them are in the window when they are asked for, which is what a model could
/// answer from, beside what cutting off the beginning and plain summarising have there.
/// </summary>
internal static class ContextBenchmark
{
    private const int Window = 2_048;
    private const int Windows = 50;
    private const int Facts = 100;

    private static readonly string[] Things = ["kettle", "bridge", "garden", "server", "invoice", "tractor", "painting", "telescope", "recipe", "contract"];
    private static readonly string[] Attributes = ["price in euros", "number of owners", "year of purchase", "weight in kilos", "code", "height in metres", "room", "serial number", "deadline in days", "rank"];
    private static readonly string[] Fillers =
    [
        "I was at the market this morning and it was raining, so we stayed under the roof and talked about this and that.",
        "Could you remind me to call the office tomorrow before noon, if the line is free by then?",
        "That is fine with me, let us go on with the next point when everybody is back from lunch.",
        "The meeting was long, and in the end we decided to think about it over the weekend.",
        "My neighbour says the train was late again, which does not surprise anybody who takes it.",
        "Let me know what you think of the draft; the second part still needs some work, I guess.",
    ];

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        run.Say($"context: a conversation of {Windows} windows");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder() }, loadModel: false, cancellationToken);
        var region = silo.Grains.GetGrain<IContextRegionGrain>("/context/bench");
        await region.TryCreateAsync("bench");
        await region.RepageAsync("bench", PageSize.Of(Window), [], 0);
        var random = new Random(7);
        var said = 0;
        var fact = 0;
        var texts = new Dictionary<Guid, string>();
        var appends = new List<double>();
        while (said < Window * Windows)
        {
            // Facts are said at even distances, with small talk about no two things between them.
            var isFact = fact < Facts && said >= (long)Window * Windows * fact / Facts;
            var text = isFact ? Fact(fact++) : $"{Fillers[random.Next(Fillers.Length)]} {Fillers[random.Next(Fillers.Length)]} {random.Next(1_000)}";
            var entry = new ContextEntry(Guid.NewGuid(), 1 + (texts.Count % 2), "bench", text, TokenEstimate.Of(text), DateTimeOffset.UnixEpoch);
            texts.Add(entry.Id, text);
            var begin = Stopwatch.GetTimestamp();
            await region.AppendAsync(entry);
            appends.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            said += entry.Tokens;
        }

        // What is in a window stays in it while it fits, so each way of filling one has a window of its own.
        var summarising = silo.Grains.GetGrain<IContextRegionGrain>("/context/bench-summaries");
        await summarising.InheritAsync("/context/bench", "bench");
        await summarising.FitAsync(new ContextDemand(Window, "warm up") { Policy = PagingPolicy.PinnedFirst });

        // The first window makes the summaries and reads the vectors of fifty windows at once, which a conversation does turn by turn.
        await region.FitAsync(new ContextDemand(Window, "warm up"));
        var (paged, plain, cut) = (0, 0, 0);
        var (times, tails) = (new List<double>(), new List<double>());
        var faults = 0L;
        var (compared, same) = (0, 0);
        for (var asked = 0; asked < Facts; asked++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var question = Question(asked);
            var start = Stopwatch.GetTimestamp();
            var view = await region.FitAsync(new ContextDemand(Window, question));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            start = Stopwatch.GetTimestamp();
            var tail = await region.TailAsync(Window);
            tails.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            var summarised = await summarising.FitAsync(new ContextDemand(Window, question) { Policy = PagingPolicy.PinnedFirst });
            faults += view.Activity.Faults;
            paged += Has(view.Entries, asked);
            cut += Has(tail, asked);
            plain += Has(summarised.Entries, asked);
            foreach (var entry in view.Entries)
            {
                if (texts.TryGetValue(entry.Id, out var text))
                {
                    compared++;
                    same += string.Equals(text, entry.Text, StringComparison.Ordinal) ? 1 : 0;
                }
            }
        }

        if (faults == 0)
        {
            throw new BenchmarkException("No page was brought back: the conversation is too short.");
        }

        run.Add(Row("facts in the window when asked for, of 100", paged, "facts", "the newest text alone", cut, Goal.ValueAtLeast(90)));
        run.Add(Row("facts in the window when asked for, of 100", paged, "facts", "summaries of all that is older", plain));
        run.Add(Row("entries in windows that are byte for byte what was written", same, "entries", "all of them", compared, Goal.RatioAtLeast(1)));
        var window = appends.Count / Windows;
        run.Add(Row("an append after 49 windows, median", Statistics.Median(appends[^window..]), "ms", "an append in the second window", Statistics.Median(appends[window..(2 * window)]), Goal.RatioAtMost(1.5)));
        run.Add(Row($"putting a window together, {faults / Facts} pages brought back, median", Statistics.Median(times), "ms", "reading the newest text", Statistics.Median(tails), Goal.ValueUnder(5)));
    }

    private static int Has(IEnumerable<ContextEntry> window, int fact) => window.Any(entry => entry.Text.Contains(Fact(fact), StringComparison.Ordinal)) ? 1 : 0;

    private static Row Row(string name, double value, string unit, string peer, double other, Goal? goal = null) => new()
    {
        Suite = MemoryBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = unit,
        Peer = peer,
        PeerValue = other,
        Ratio = value / other,
        Goal = goal,
    };

    private static string Fact(int i) =>
        string.Create(CultureInfo.InvariantCulture, $"Please note that the {Attributes[i / 10]} of the {Things[i % 10]} is {1_000 + (i * 7_919 % 9_000)}.");

    private static string Question(int i) => $"What was the {Attributes[i / 10]} of the {Things[i % 10]} again?";
}
