using System.Runtime.InteropServices;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>The vectors of a collection as the log that its index reads.</summary>
internal sealed class CollectionLog(SqliteStore store, long collection, string identity, int dimension) : IVectorLog
{
    private const string Select = "SELECT identity, dimension FROM embedding_collection WHERE id = ?";
    private const string Newest = "SELECT COALESCE(MAX(id), 0) FROM embedding WHERE collection = ?";
    private const string After = "SELECT id, vector FROM embedding WHERE collection = ? AND id > ? AND id <= ? AND id % ? = ? ORDER BY id";
    private const string NewestRemoval = "SELECT MAX(forgotten, COALESCE((SELECT MAX(removal) FROM embedding_removal WHERE collection = ?1), 0)) FROM embedding_collection WHERE id = ?1";
    private const string RemovedAfter = "SELECT removal, id FROM embedding_removal WHERE collection = ? AND removal > ? ORDER BY removal";
    private const string Forgotten = "SELECT forgotten FROM embedding_collection WHERE id = ?";
    private const string VectorOf = "SELECT vector FROM embedding WHERE id = ?";
    private const string InUse = "SELECT COUNT(*) FROM embedding WHERE collection = ? AND id % ? = ?";
    private const string Passing = "SELECT e.id FROM embedding AS e WHERE e.collection = ? AND e.id % ? = ?";

    /// <inheritdoc />
    public string Identity => identity;

    /// <inheritdoc />
    public int Dimension => dimension;

    /// <exception cref="LlmosException">There is no such collection.</exception>
    public static CollectionLog Of(SqliteStore store, long collection) => store.Read((store, collection), static (session, key) =>
    {
        using var row = session.Statement(Select).Bind(key.collection);
        return row.Step()
            ? new CollectionLog(key.store, key.collection, row.Text(0), (int)row.Number(1))
            : throw LlmosException.NotFound("The collection was removed meanwhile.");
    });

    /// <inheritdoc />
    public long ReadAfter(long after, int shard, int shards, VectorReader read) => store.Read(0, (session, _) =>
    {
        var newest = SqliteEmbeddingStore.Numbers(session.Statement(Newest).Bind(collection))[0];
        if (newest <= after)
            return after;
        using var rows = session.Statement(After).Bind(collection).Bind(after).Bind(newest).Bind(shards).Bind(shard);
        while (rows.Step())
            read(rows.Number(0), 0, MemoryMarshal.Cast<byte, float>(rows.Blob(1)));
        return newest;
    });

    /// <inheritdoc />
    public long ReadRemovedAfter(long after, Action<long> removed) => store.Read(0, (session, _) =>
    {
        if (after == long.MaxValue)
            return SqliteEmbeddingStore.Numbers(session.Statement(NewestRemoval).Bind(collection))[0];
        var last = after;
        using (var rows = session.Statement(RemovedAfter).Bind(collection).Bind(after))
        {
            while (rows.Step())
            {
                last = rows.Number(0);
                removed(rows.Number(1));
            }
        }

        // Asked last: what was forgotten while the removals were read may be missing among them.
        return SqliteEmbeddingStore.Numbers(session.Statement(Forgotten).Bind(collection)) is [var forgotten] && forgotten <= after ? last : -1;
    });

    /// <inheritdoc />
    public IReadOnlyList<float[]> Read(IReadOnlyList<long> ids) => store.Read(ids, static (session, ids) =>
    {
        var vectors = new List<float[]>(ids.Count);
        foreach (var id in ids)
        {
            using var row = session.Statement(VectorOf).Bind(id);
            vectors.Add(row.Step() ? MemoryMarshal.Cast<byte, float>(row.Blob(0)).ToArray() : []);
        }
        return vectors;
    });

    /// <inheritdoc />
    public int Count(int shard, int shards) => store.Read(0, (session, _) =>
        (int)SqliteEmbeddingStore.Numbers(session.Statement(InUse).Bind(collection).Bind(shards).Bind(shard))[0]);

    /// <inheritdoc />
    public IReadOnlySet<long> Matching(MetadataFilter filter, int shard, int shards)
    {
        var condition = FilterSql.Of(filter);
        return store.Read(0, (session, _) => session.Once($"{Passing}{condition.Condition}", statement =>
        {
            condition.Bind(statement.Bind(collection).Bind(shards).Bind(shard));
            var ids = new HashSet<long>();
            while (statement.Step())
                ids.Add(statement.Number(0));
            return ids;
        }));
    }
}
