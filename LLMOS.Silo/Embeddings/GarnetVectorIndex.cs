using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LLMOS.Kernel.Memory.Indexing;
using StackExchange.Redis;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// A vector set of Garnet as an index: a graph on another server, for more vectors than a scan serves. It keeps no groups. The server tells the order and not the similarities: what is
/// found has its rank in their place, and whoever wants similarities computes them from the floats.
/// </summary>
/// <param name="database">The server.</param>
/// <param name="key">The key of the vector set.</param>
/// <param name="log">The log, for exact vectors where a filter leaves few.</param>
internal sealed class GarnetVectorIndex(IDatabase database, string key, IVectorLog log) : IVectorIndex
{
    // As measured against recall at 10 of 20,000 vectors: these find 0.997.
    private const int Links = 32;
    private const int SearchedWhenAdding = 100;
    private const int SearchedAtLeast = 100;

    private const int AddedAtOnce = 512;

    // So few are read from the store faster than a graph is searched for them.
    private const int FewIds = 10_000;

    private readonly List<Task> _sent = [];

    public int Dimension => log.Dimension;

    public int Count
    {
        get
        {
            Finish();
            return Call(() => database.KeyExists(key)) ? (int)Call(() => database.Execute("VCARD", key)) : 0;
        }
    }

    public void Add(long id, long group, ReadOnlySpan<float> vector)
    {
        Check(vector);
        if (_sent.Count >= AddedAtOnce)
            Finish();
        _sent.Add(database.ExecuteAsync("VADD", key, "FP32", Bytes(vector), Element(id), "NOQUANT", "EF", Number(SearchedWhenAdding), "M", Number(Links), "XDISTANCE_METRIC", "IP"));
    }

    public bool Remove(long id)
    {
        Finish();
        return Call(() => database.KeyExists(key)) && (int)Call(() => database.Execute("VREM", key, Element(id))) == 1;
    }

    public int Search(ReadOnlySpan<float> query, IReadOnlySet<long>? groups, Span<VectorHit> hits)
    {
        if (groups is not null)
            throw LlmosException.Refused("A vector set has no groups to search in: the log of VectorFS, which has, is indexed by a scan.");
        var found = Search([query.ToArray()], null, Math.Max(1, hits.Length))[0].AsSpan(0);
        found = found[..Math.Min(found.Length, hits.Length)];
        found.CopyTo(hits);
        return found.Length;
    }

    public VectorHit[][] Search(IReadOnlyList<float[]> queries, IReadOnlySet<long>? ids, int count)
    {
        foreach (var query in queries)
            Check(query);
        if (ids is { Count: <= FewIds })
            return Scan(queries, [.. ids], count);
        var all = Count;
        return [.. queries.Select(query => all == 0 ? [] : Walk(query, ids, count, all))];
    }

    /// <summary>Asks for more until enough of them pass, or there are no more.</summary>
    private VectorHit[] Walk(float[] query, IReadOnlySet<long>? ids, int count, int all)
    {
        for (long wanted = count; ; wanted *= 4)
        {
            var asked = (int)Math.Min(wanted, all);
            var answer = Call(() => database.Execute("VSIM", key, "FP32", Bytes(query), "COUNT", Number(asked), "EF", Number(Math.Max(SearchedAtLeast, asked))));
            var found = ((RedisValue[])answer!).Select(element => MemoryMarshal.Read<long>((byte[])element!)).Where(id => ids is null || ids.Contains(id)).Take(count).ToArray();
            if (found.Length == count || asked == all)
                return [.. found.Select((id, rank) => new VectorHit(id, 1f / (rank + 1)))];
        }
    }

    private VectorHit[][] Scan(IReadOnlyList<float[]> queries, long[] ids, int count)
    {
        var vectors = log.Read(ids);
        return [.. queries.Select(query => ids
            .Zip(vectors, (id, vector) => new VectorHit(id, vector.Length == query.Length ? TensorPrimitives.Dot<float>(query, vector) : float.NegativeInfinity))
            .OrderByDescending(hit => hit.Similarity).ThenBy(hit => hit.Id).Take(count).ToArray())];
    }

    /// <summary>Waits until all that was added is there.</summary>
    private void Finish()
    {
        if (_sent.Count > 0)
        {
            var sent = Task.WhenAll(_sent);
            _sent.Clear();
            Call(() =>
            {
#pragma warning disable SER308 // An index is asked by one thread, which has nothing else to do; the answers come on the connection's own.
                database.Wait(sent);
#pragma warning restore SER308
                return true;
            });
        }
    }

    private void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimension)
            throw LlmosException.InvalidArgument($"A vector of {vector.Length} floats does not fit: the vector space has {Dimension} dimensions.");
    }

    private T Call<T>(Func<T> call) => GarnetIndexes.Call(database.Multiplexer.Configuration, call);

    private static byte[] Bytes(ReadOnlySpan<float> vector) => MemoryMarshal.AsBytes(vector).ToArray();

    private static byte[] Element(long id) => BitConverter.GetBytes(id);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
