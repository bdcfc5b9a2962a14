using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics.Tensors;
using Garnet;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Embeddings;

/// <summary>Indexes as vector sets of a real Garnet, which runs in this process.</summary>
public sealed class GarnetTests : IAsyncLifetime
{
    private const int Count = 2_000;
    private const int Dimension = 32;

    private readonly TempFolder _folder = new();
    private readonly Random _random = new(8);
    private readonly Dictionary<string, float[]> _vectors = [];
    private readonly int _port = FreePort();
    private SqliteStore _store = null!;
    private SqliteEmbeddingStore _embeddings = null!;
    private CollectionInfo _collection = null!;

    public async ValueTask InitializeAsync()
    {
        _store = SqliteStore.Open(_folder.Path);
        _embeddings = new SqliteEmbeddingStore(_store);
        _collection = await _embeddings.CreateAsync(new CollectionInfo { Name = "large", Dimension = Dimension, Embedder = Embedders.None, Owner = "kernel" });
        await WriteAsync(0, Count);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_large_collection_lies_in_the_server_and_is_found_there_until_the_server_is_gone()
    {
        var server = StartServer();
        using (var indexes = Indexes(from: 1_000))
        {
            using (var first = new ShardIndex(indexes, 0, 1))
            {
                var log = Log();
                Assert.IsType<GarnetVectorIndex>(first.CatchUp(log));
                Assert.Equal(Count, log.ReadVectors);
                AssertFinds(first.CatchUp(log), null);
                first.Keep();
            }

            // What is there is not sent again; what is new is, and what is gone goes.
            await WriteAsync(1_900, 200);
            await _embeddings.RemoveAsync(_collection.Id, [.. Enumerable.Range(0, 50).Select(Key)], Caller.Kernel);
            foreach (var key in Enumerable.Range(0, 50).Select(Key))
                _vectors.Remove(key);
            using (var second = new ShardIndex(indexes, 0, 1))
            {
                var log = Log();
                var index = second.CatchUp(log);
                Assert.Equal((200, _vectors.Count), (log.ReadVectors, index.Count));
                AssertFinds(index, null);
                AssertFinds(index, MetadataFilter.Compare(FilterOperator.Less, "number", 300));
                second.Keep();
            }

            // Removals that it does not know of were forgotten.
            await _embeddings.RemoveAsync(_collection.Id, [Key(60)], Caller.Kernel);
            _vectors.Remove(Key(60));
            await _embeddings.CompactAsync(_collection.Id, Caller.Kernel);
            using (var third = new ShardIndex(indexes, 0, 1))
            {
                var log = Log();
                AssertFinds(third.CatchUp(log), null);
                Assert.Equal(_vectors.Count, log.ReadVectors);

                // What the server has lost is made anew, and what is new is in it.
                await using (var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}")))
                {
                    Assert.True(await connection.GetDatabase().KeyDeleteAsync($"llmos:vectors:{log.Identity}:0"));
                }

                await WriteAsync(2_200, 10);
                Assert.Equal(_vectors.Count, third.CatchUp(log).Count);
                AssertFinds(third.CatchUp(log), null);
                var read = log.ReadVectors;
                third.CatchUp(log);
                Assert.Equal(read, log.ReadVectors);
                server.Dispose();
                var gone = Assert.Throws<LlmosException>(() => third.CatchUp(log).Search([Vector()], null, 10));
                Assert.Equal(LlmosErrorCode.Unavailable, gone.Code);
                Assert.Contains($"The vector server 127.0.0.1:{_port} does not do what it is asked", gone.Message, StringComparison.Ordinal);
            }
        }

        // The next start scans.
        using var later = Indexes(from: 1_000);
        using var scan = new ShardIndex(later, 0, 1);
        Assert.IsType<FlatVectorIndex>(scan.CatchUp(Log()));
        AssertFinds(scan.CatchUp(Log()), null);
    }

    [Fact]
    public async Task The_sets_of_a_collection_that_is_removed_are_removed_from_the_server_or_with_the_next_one()
    {
        var away = Indexes(from: 1_000);
        using (var index = new ShardIndex(away, 0, 1))
        {
            index.CatchUp(Log());
        }

        // While the server is away it is remembered.
        var other = await _embeddings.CreateAsync(new CollectionInfo { Name = "other", Dimension = Dimension, Embedder = Embedders.None, Owner = "kernel" });
        var kept = new SqliteEmbeddingStore(_store, away);
        var first = Log().Identity;
        Assert.True(await kept.DropAsync("large", Caller.Kernel));
        await kept.ForgetIndexesAsync();
        using var server = StartServer();
        using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}"));
        var database = connection.GetDatabase();
        await database.StringSetAsync($"llmos:vectors:{first}:3", "left behind");
        await database.StringSetAsync("llmos:vectors:of-another-store:0", "another's");

        _collection = other;
        await WriteAsync(0, Count);
        using (var index = new ShardIndex(away, 0, 1))
        {
            Assert.IsType<GarnetVectorIndex>(index.CatchUp(Log()));
            index.Keep();
        }

        var second = Log().Identity;
        Assert.True(await database.KeyExistsAsync($"llmos:vectors:{second}:0"));
        Assert.True(await kept.DropAsync("other", Caller.Kernel));
        await kept.ForgetIndexesAsync();
        foreach (var key in (string[])[$"llmos:vectors:{first}:3", $"llmos:vectors:{second}:0", $"llmos:vectors:{second}:0:state"])
            Assert.False(await database.KeyExistsAsync(key), key);
        Assert.True(await database.KeyExistsAsync("llmos:vectors:of-another-store:0"));
        away.Dispose();
    }

    [Fact]
    public void A_small_one_is_scanned_and_the_server_is_not_asked()
    {
        using var indexes = Indexes(from: Count + 1);
        using var index = new ShardIndex(indexes, 0, 1);
        Assert.IsType<FlatVectorIndex>(index.CatchUp(Log()));
    }

    private GarnetIndexes Indexes(int from) => new(
        string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port},connectTimeout=2000,syncTimeout=5000"),
        from,
        new SegmentIndexes(Path.Combine(_folder.Path, "index"), NullLogger<SegmentIndexes>.Instance),
        NullLogger<GarnetIndexes>.Instance);

    private GarnetServer StartServer()
    {
        var server = new GarnetServer(
        [
            "--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--memory", "256m", "--page", "4m", "--index", "4m", "--device-type", "RandomAccess",
            "--enable-vector-set-preview", "-q",
        ]);
        server.Start();
        return server;
    }

    private void AssertFinds(IVectorIndex index, MetadataFilter? filter)
    {
        var ids = filter is null ? null : Log().Matching(filter, 0, 1);
        var keys = _embeddings.Scan(_collection.Id, filter, "", 10_000, withVectors: false).ToDictionary(record => record.Id, record => record.Key);
        float[][] queries = [.. Enumerable.Range(0, 20).Select(_ => Vector())];
        var found = index.Search(queries, ids, 20);
        var right = 0;
        for (var i = 0; i < queries.Length; i++)
        {
            var query = queries[i];
            var exact = keys.Values.OrderByDescending(key => TensorPrimitives.Dot<float>(query, _vectors[key])).Take(10);
            right += found[i].Select(hit => keys[hit.Id]).Intersect(exact).Count();
        }

        Assert.True(right >= 190, $"{right} of 200 were found");
    }

    private CountedLog Log() => new(new SqliteVectorLogs(_store, null!).Get(_collection.Id));

    private Task WriteAsync(int first, int count) => _embeddings.UpsertAsync(
        _collection.Id,
        [.. Enumerable.Range(first, count).Select(i =>
        {
            var vector = _vectors[Key(i)] = Vector();
            return new StoredEmbedding(0, Key(i), "", string.Create(CultureInfo.InvariantCulture, $$"""{"number": {{i}}}"""), vector);
        })],
        Caller.Kernel);

    private static string Key(int number) => number.ToString(CultureInfo.InvariantCulture);

    private float[] Vector()
    {
        float[] vector = [.. Enumerable.Range(0, Dimension).Select(_ => _random.NextSingle() - 0.5f)];
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
