using System.Diagnostics;
using System.Globalization;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Kernel.Memory;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>Listing context regions as files of <c>/context</c>, beside a directory of as many stored files.</summary>
internal static class RegionsBenchmark
{
    private const int Regions = 1_000;
    private const int EntriesOfEach = 5;
    private const string Directory = "/apps/plain";

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        run.Say($"regions: {Regions}");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder() }, loadModel: false, cancellationToken);
        var files = silo.Client.Files;
        await files.MakeDirectoryAsync(Directory);
        await Parallel.ForAsync(0, Regions, cancellationToken, async (i, _) =>
        {
            var region = silo.Grains.GetGrain<IContextRegionGrain>(string.Create(CultureInfo.InvariantCulture, $"/context/listed/r{i:0000}"));
            await region.TryCreateAsync("bench");
            for (var entry = 0; entry < EntriesOfEach; entry++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"Entry {entry} of region {i}, which somebody said.");
                await region.AppendAsync(new ContextEntry(Guid.NewGuid(), 1, "bench", text, TokenEstimate.Of(text), DateTimeOffset.UnixEpoch));
            }

            await files.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{Directory}/f{i:0000}"), "Something that somebody wrote.");
        });
        var (listings, plain) = (new List<double>(), new List<double>());
        for (var i = 0; i < (run.Quick ? 5 : 15); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            listings.Add(await TimeAsync(async () => (await files.ListAsync("/context/listed")).Length));
            plain.Add(await TimeAsync(async () => (await files.ListAsync(Directory)).Length));
        }

        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"ls of {Regions} context regions, median"),
            Value = Statistics.Median(listings),
            Unit = "ms",
            Peer = "ls of as many files",
            PeerValue = Statistics.Median(plain),
            Ratio = Statistics.MedianRatio(listings, plain),
            Goal = Goal.ValueUnder(250),
        });
    }

    private static async Task<double> TimeAsync(Func<Task<int>> list)
    {
        var start = Stopwatch.GetTimestamp();
        var count = await list();
        return count == Regions ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : throw new BenchmarkException($"A listing of {Regions} has {count} names.");
    }
}
