using System.Globalization;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Embeddings;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace LLMOS.Silo.Tests.Child;

/// <summary>
/// Writes records, removes and compacts without end, and keeps the indexes of the shards up and on disk meanwhile; each change is named once it is acknowledged.
/// </summary>
internal static class EmbeddingLoop
{
    public const string Collection = "crash";
    public const int Shards = 2;
    private const int Writers = 3;
    private const int Keys = 60;

    private static readonly string[] Words = ["flour", "planet", "server", "yeast", "moon", "request", "oven", "telescope", "port", "dough"];

    public static async Task<int> RunAsync(string folder, int seed)
    {
        using var store = SqliteStore.Open(folder);
        var embeddings = new SqliteEmbeddingStore(store);
        var space = new HashingEmbedder();
        var collection = await embeddings.CreateAsync(new CollectionInfo { Name = Collection, Dimension = space.Dimension, Embedder = space.Identity, Owner = "kernel" });
        var indexing = Enumerable.Range(0, Shards).Select(shard => Task.Run(() => IndexAsync(store, collection.Id, shard)));
        await await Task.WhenAny([.. indexing, .. Enumerable.Range(0, Writers).Select(writer => ChangeAsync(embeddings, collection.Id, space, writer, new Random(seed + writer)))]);
        return 0;
    }

    /// <summary>Each change makes an index that is kept, so that whatever moment it ends at, that is being written.</summary>
    private static Task IndexAsync(SqliteStore store, long collection, int shard)
    {
        var logs = new SqliteVectorLogs(store, null!);
        var indexes = new SegmentIndexes(Path.Combine(store.Folder, "index"), NullLogger<SegmentIndexes>.Instance);
        while (true)
        {
            using var index = new ShardIndex(indexes, shard, Shards);
            for (var i = 0; i < 5; i++)
            {
                index.CatchUp(logs.Get(collection));
                index.Keep();
            }
        }
    }

    private static async Task ChangeAsync(SqliteEmbeddingStore embeddings, long collection, HashingEmbedder space, int writer, Random random)
    {
        for (var change = 1; ; change++)
        {
            string[] keys = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{writer}-{random.Next(Keys)}")).Distinct()];
            switch (random.Next(12))
            {
                case 0:
                    await embeddings.CompactAsync(collection, Caller.Kernel);
                    break;
                case 1 or 2 or 3:
                    await embeddings.RemoveAsync(collection, keys, Caller.Kernel);
                    Say(keys, 0);
                    break;
                default:
                    var records = keys.Select(key =>
                    {
                        var text = string.Create(
                            CultureInfo.InvariantCulture, $"{string.Join(' ', Enumerable.Range(0, random.Next(3, 40)).Select(_ => Words[random.Next(Words.Length)]))} {key} change {change}");
                        return new StoredEmbedding(0, key, text, string.Create(CultureInfo.InvariantCulture, $$"""{"change": {{change}}}"""), space.Embed(text));
                    });
                    await embeddings.UpsertAsync(collection, [.. records], Caller.Kernel);
                    Say(keys, change);
                    break;
            }
        }
    }

    private static void Say(string[] keys, int change) =>
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', keys)} {change}"));
}
