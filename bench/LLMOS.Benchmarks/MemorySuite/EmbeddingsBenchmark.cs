using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Cognition.Embeddings;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>The embedding store through its grain: writing records, durable with their words, and finding them alone and eight at a time.</summary>
internal static class EmbeddingsBenchmark
{
    private const string Collection = "bench";
    private const int Dimension = 384;
    private const int Batch = 500;
    private const int AtOnce = 4;
    private const int Together = 8;
    private const int Nearest = 10;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 5_000 : 20_000;
        run.Say($"records: {count}");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder() }, loadModel: false, cancellationToken);
        var store = silo.Client.Embeddings;
        await store.CreateAsync(new CollectionSpec { Name = Collection, Dimension = Dimension, Embedder = Embedders.None });
        var random = new Random(9);
        var batches = Enumerable.Range(0, count / Batch).Select(batch => Records(random, batch * Batch, Batch)).ToArray();
        var first = Records(random, count, Batch);
        await store.UpsertAsync(Collection, first);

        var singles = Records(random, 2 * count, 100);
        var start = Stopwatch.GetTimestamp();
        foreach (var record in singles)
            await store.UpsertAsync(Collection, [record]);
        var one = singles.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (batch, _) => await store.UpsertAsync(Collection, batch));
        var many = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"records of {Dimension} floats and ten words written, {Batch} a call, durable"),
            Value = many,
            Unit = "a second",
            Peer = "one a call, one call after the other",
            PeerValue = one,
            Ratio = many / one,
            Goal = Goal.ValueAtLeast(10_000),
        });

        List<EmbeddingRecord> written = [.. batches.SelectMany(batch => batch), .. first, .. singles];
        await store.SearchAsync(Collection, Query(random));
        var (alone, together) = (new List<double>(), new List<double>());
        for (var i = 0; i < (run.Quick ? 20 : 100); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ImmutableArray<EmbeddingQuery> queries = [.. Enumerable.Range(0, Together).Select(_ => Query(random))];
            start = Stopwatch.GetTimestamp();
            foreach (var query in queries)
                await store.SearchAsync(Collection, query);
            alone.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Together);
            start = Stopwatch.GetTimestamp();
            await store.SearchManyAsync(Collection, queries);
            together.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / Together);
        }

        var right = 0;
        ImmutableArray<EmbeddingQuery> asked = [.. Enumerable.Range(0, 20).Select(_ => Query(random))];
        foreach (var query in asked)
        {
            var found = (await store.SearchAsync(Collection, query with { Limit = Nearest })).Select(match => match.Record.Key);
            float[] vector = [.. query.Vector];
            right += found.Intersect(written.OrderByDescending(record => TensorPrimitives.Dot<float>(vector, record.Vector.AsSpan())).Take(Nearest).Select(record => record.Key)).Count();
        }

        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"search of a collection of {count} × {Dimension} through the grain: recall at {Nearest}"),
            Value = right / (double)(Nearest * asked.Length),
            Unit = "of 1",
            Peer = "sorting all by their floats",
            PeerValue = 1,
            Ratio = right / (double)(Nearest * asked.Length),
            Goal = Goal.ValueAtLeast(0.99),
        });
        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = string.Create(CultureInfo.InvariantCulture, $"search of a collection of {count} × {Dimension} through the grain, {Together} queries a call, each"),
            Value = Statistics.Median(together),
            Unit = "ms",
            Peer = "one query a call",
            PeerValue = Statistics.Median(alone),
            Ratio = Statistics.MedianRatio(together, alone),
            Goal = Goal.ValueUnder(15),
        });
    }

    private static EmbeddingQuery Query(Random random) => new() { Vector = [.. Vector(random)] };

    private static ImmutableArray<EmbeddingRecord> Records(Random random, int first, int count) => [.. Enumerable.Range(first, count).Select(i => new EmbeddingRecord
    {
        Key = i.ToString(CultureInfo.InvariantCulture),
        Text = string.Join(' ', Enumerable.Range(0, 10).Select(_ => string.Create(CultureInfo.InvariantCulture, $"word{random.Next(2_000)}"))),
        Vector = [.. Vector(random)],
    })];

    private static float[] Vector(Random random)
    {
        float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => random.NextSingle() - 0.5f)];
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}
