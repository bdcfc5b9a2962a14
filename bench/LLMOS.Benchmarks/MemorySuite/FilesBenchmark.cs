using System.Diagnostics;
using System.Globalization;
using System.Text;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>Files of VectorFS in one directory: writing one, durable, and listing them by how near to a meaning they are.</summary>
internal static class FilesBenchmark
{
    private const string Directory = "/apps/bench";
    private const int AtOnce = 64;
    private const int Listed = 20;

    private static readonly string[] Words =
        ["flour", "planet", "server", "yeast", "moon", "request", "oven", "telescope", "port", "dough", "river", "engine", "letter", "garden", "music", "bridge"];

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 2_000 : 100_000;
        run.Say($"files: {count}");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder() }, loadModel: false, cancellationToken);
        var files = silo.Client.Files;
        await files.MakeDirectoryAsync(Directory);
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, _) => await files.WriteAsync(Path(i), Text(i)));
        await files.ListSimilarAsync(Directory, "warm up", Listed);

        var plain = run.Workspace.NewFolder();
        var (writes, plainWrites, listings, scans) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < (run.Quick ? 50 : 200); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            writes.Add(await TimeAsync(() => files.WriteAsync(Path(i), Text(i + count))));
            plainWrites.Add(await TimeAsync(() => WritePlainAsync(System.IO.Path.Combine(plain, $"file{i}.md"), Text(i + count))));
            listings.Add(await TimeAsync(() => files.ListSimilarAsync(Directory, Text(i), Listed)));
            if (i % 10 == 0)
                scans.Add(await TimeAsync(() => files.SearchAsync(Text(i), Directory, Listed, DateTimeOffset.UtcNow)));
        }

        run.Add(Row("write of a file (content, vectors, words, version)", writes, "a file of the disk, flushed", plainWrites, Goal.ValueUnder(5)));
        run.Add(Row($"ls by meaning in a directory of {count} files", listings, "a scan of the store without the index", scans, Goal.ValueUnder(50)));
    }

    private static async Task<double> TimeAsync(Func<Task> act)
    {
        var start = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task WritePlainAsync(string path, string text)
    {
        await using var file = new FileStream(path, FileMode.CreateNew);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }

    private static Row Row(string name, List<double> own, string peer, List<double> other, Goal goal) => new()
    {
        Suite = MemoryBenchmarks.Name,
        Name = $"{name}, median",
        Value = Statistics.Median(own),
        Unit = "ms",
        Peer = peer,
        PeerValue = Statistics.Median(other),
        Ratio = Statistics.Median(own) / Statistics.Median(other),
        Goal = goal,
    };

    private static string Path(int i) => string.Create(CultureInfo.InvariantCulture, $"{Directory}/file{i}.md");

    private static string Text(int i)
    {
        var random = new Random(i);
        return string.Join(' ', Enumerable.Range(0, 40).Select(_ => Words[random.Next(Words.Length)]));
    }
}
