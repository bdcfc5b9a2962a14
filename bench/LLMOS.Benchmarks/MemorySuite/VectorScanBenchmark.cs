using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Benchmarks.MemorySuite.Peers;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Benchmarks.MemorySuite;

/// <summary>The flat index of 8-bit integers with a look at the floats of the nearest, beside a scan of all floats. The vectors lie in clusters, as those of texts do.</summary>
internal static class VectorScanBenchmark
{
    private const int Dimension = 384;
    private const int Nearest = 10;
    private const int MoreThanWanted = 30;
    private const int VectorsPerCluster = 100;
    private const int Together = 8;
    private const float Noise = 0.6f;

    // A peer that reads floats from a database takes seconds a query beyond that.
    private const int MostWithPeer = 100_000;

    public static async Task MeasureAsync(SuiteRun run, int count, double leastRecall, double mostMilliseconds, double mostTogether, CancellationToken cancellationToken)
    {
        var size = string.Create(CultureInfo.InvariantCulture, $"{count} × {Dimension}");
        run.Say($"vectors: {size}");
        var random = new Random(5);
        var floats = Vectors(random, count);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new FlatVectorIndex(Dimension);
        for (var i = 0; i < count; i++)
            index.Add(i, 0, At(floats, i));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;

        var queries = Enumerable.Range(0, run.Quick ? 20 : 50).Select(_ => Near(random, At(floats, random.Next(count)))).ToArray();
        var samples = await Interleaved.RunAsync(
            run.Quick ? 3 : 5,
            [
                _ => Task.FromResult(Time(queries, query => Search(index, floats, query))),
                _ => Task.FromResult(Time(queries, query => Scan(floats, query))),
                _ => Task.FromResult(TimeTogether(queries, index)),
            ],
            cancellationToken);
        var right = queries.Sum(query => Search(index, floats, query).Intersect(Scan(floats, query)).Count());
        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = $"{size}: the nearest {Nearest}, alone",
            Value = Statistics.Median(samples[0]),
            Unit = "ms",
            Peer = "scan of all floats",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.ValueUnder(mostMilliseconds),
        });
        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = $"{size}: the nearest {Nearest}, {Together} queries a pass, each",
            Value = Statistics.Median(samples[2]),
            Unit = "ms",
            Peer = "alone",
            PeerValue = Statistics.Median(samples[0]),
            Ratio = Statistics.MedianRatio(samples[2], samples[0]),
            Goal = Goal.ValueUnder(mostTogether),
        });
        if (run.Options.SqliteVec is { } extension && count <= MostWithPeer)
            await CompareAsync(run, extension, size, index, floats, queries, cancellationToken);
        run.Add(Figure($"{size}: recall at {Nearest}", right / (double)(Nearest * queries.Length), "of 1", "scan of all floats", 1, Goal.ValueAtLeast(leastRecall)));
        run.Add(Figure($"{size}: memory of the index for a vector", bytes, "bytes", "its floats", Dimension * sizeof(float), Goal.ValueUnder(600)));
    }

    private static async Task CompareAsync(
        SuiteRun run, string extension, string size, FlatVectorIndex index, float[] floats, float[][] queries, CancellationToken cancellationToken)
    {
        using var peer = new SqliteVec(extension, floats, Dimension);
        if (queries.Any(query => peer.Search(query, Nearest).Except(Scan(floats, query)).Count() > 1))
            throw new BenchmarkException("sqlite-vec finds other vectors than a scan of all floats.");
        var samples = await Interleaved.RunAsync(
            run.Quick ? 3 : 5,
            [
                _ => Task.FromResult(Time(queries, query => Search(index, floats, query))),
                _ => Task.FromResult(Time(queries, query => peer.Search(query, Nearest))),
            ],
            cancellationToken);
        run.Add(new Row
        {
            Suite = MemoryBenchmarks.Name,
            Name = $"{size}: the nearest {Nearest}, alone",
            Value = Statistics.Median(samples[0]),
            Unit = "ms",
            Peer = "sqlite-vec",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
        });
    }

    private static Row Figure(string name, double value, string unit, string peer, double peerValue, Goal goal) => new()
    {
        Suite = MemoryBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = unit,
        Peer = peer,
        PeerValue = peerValue,
        Ratio = value / peerValue,
        Goal = goal,
    };

    /// <summary>Milliseconds of one query.</summary>
    private static double Time(float[][] queries, Func<float[], long[]> search)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var query in queries)
            search(query);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / queries.Length;
    }

    /// <summary>Milliseconds of one query among several that share a pass.</summary>
    private static double TimeTogether(float[][] queries, FlatVectorIndex index)
    {
        var start = Stopwatch.GetTimestamp();
        foreach (var some in queries.Chunk(Together))
            index.Search(some, null, Nearest + MoreThanWanted);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / queries.Length;
    }

    private static long[] Search(FlatVectorIndex index, float[] floats, float[] query)
    {
        var hits = new VectorHit[Nearest + MoreThanWanted];
        var found = index.Search(query, null, hits);
        return [.. hits.AsSpan(0, found).ToArray().OrderByDescending(hit => TensorPrimitives.Dot(query, At(floats, (int)hit.Id))).Take(Nearest).Select(hit => hit.Id)];
    }

    private static long[] Scan(float[] floats, float[] query)
    {
        var nearest = new PriorityQueue<long, float>();
        for (var i = 0; i < floats.Length / Dimension; i++)
        {
            var similarity = TensorPrimitives.Dot(query, At(floats, i));
            if (nearest.Count < Nearest)
                nearest.Enqueue(i, similarity);
            else if (nearest.TryPeek(out _, out var least) && similarity > least)
                nearest.DequeueEnqueue(i, similarity);
        }
        return [.. nearest.UnorderedItems.Select(item => item.Element)];
    }

    private static float[] Vectors(Random random, int count)
    {
        var vectors = new float[(long)count * Dimension];
        var center = new float[Dimension];
        for (var i = 0; i < count; i++)
        {
            if (i % VectorsPerCluster == 0)
                Fill(random, center);
            Near(random, center).CopyTo(vectors.AsSpan(i * Dimension, Dimension));
        }
        return vectors;
    }

    /// <summary>A vector of unit length not far from another.</summary>
    private static float[] Near(Random random, ReadOnlySpan<float> center)
    {
        var vector = new float[Dimension];
        Fill(random, vector);
        TensorPrimitives.MultiplyAdd(vector, Noise, center, vector);
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private static void Fill(Random random, Span<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
            vector[i] = random.NextSingle() - 0.5f;
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
    }

    private static ReadOnlySpan<float> At(float[] vectors, int place) => vectors.AsSpan(place * Dimension, Dimension);
}
