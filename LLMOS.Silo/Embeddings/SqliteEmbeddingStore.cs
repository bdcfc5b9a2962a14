using System.Globalization;
using System.Runtime.InteropServices;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Embeddings;

/// <summary>Collections in a node's store: what changes of a record is one transaction, with vector, text, metadata and words.</summary>
/// <param name="store">The store.</param>
/// <param name="indexes">Where indexes are kept; null where nothing is.</param>
public sealed class SqliteEmbeddingStore(SqliteStore store, IVectorIndexes? indexes = null) : IEmbeddingStore
{
    // A collection is emptied in parts, so that no transaction holds the writer for long.
    private const int DroppedAtOnce = 2_000;

    private const string IdOf = "SELECT id FROM embedding WHERE collection = ? AND key = ?";
    private const string Insert = "INSERT INTO embedding (collection, key, metadata, text, vector) VALUES (?, ?, ?, ?, ?)";
    private const string InsertWords = "INSERT INTO embedding_words (rowid, scope, text) VALUES (last_insert_rowid(), ?, ?)";
    private const string Delete = "DELETE FROM embedding WHERE id = ?";
    private const string DeleteWords = "DELETE FROM embedding_words WHERE rowid = ?";
    private const string InsertRemoval = "INSERT INTO embedding_removal (collection, id) VALUES (?, ?)";
    private const string SomeOf = "SELECT id FROM embedding WHERE collection = ? LIMIT ?";
    private const string DeleteRemovals = "DELETE FROM embedding_removal WHERE collection = ?";
    private const string NewestRemoval = "SELECT COALESCE(MAX(removal), 0) FROM embedding_removal WHERE collection = ?";
    private const string Optimize = "INSERT INTO embedding_words (embedding_words, rank) VALUES ('merge', 500)";
    private const string Orphans = "SELECT DISTINCT collection FROM embedding WHERE collection NOT IN (SELECT id FROM embedding_collection)";
    private const string SelectDropped = "SELECT identity FROM embedding_dropped";
    private const string DeleteDropped = "DELETE FROM embedding_dropped WHERE identity = ?";
    private const string ByKey = "SELECT id, key, metadata, text, vector FROM embedding WHERE collection = ? AND key = ?";
    private const string ById = "SELECT id, key, metadata, text, vector FROM embedding WHERE id = ?";
    private const string Scanned = "SELECT e.id, e.key, e.metadata, e.text, e.vector FROM embedding AS e WHERE e.collection = ? AND e.key > ?";
    private const string Worded = "SELECT e.id FROM embedding_words AS w JOIN embedding AS e ON e.id = w.rowid WHERE embedding_words MATCH ?";

    /// <inheritdoc />
    public Task<CollectionInfo> CreateAsync(CollectionInfo collection) => store.WriteAsync(session =>
    {
        if (CollectionTable.Find(session, collection.Name) is not { } there)
        {
            CollectionTable.Add(session, collection);
            return CollectionTable.Find(session, collection.Name)!;
        }

        if (there.Dimension != collection.Dimension || there.Distance != collection.Distance || there.Embedder != collection.Embedder)
            throw LlmosException.Refused(string.Create(
                CultureInfo.InvariantCulture,
                $"There is a collection '{there.Name}' of {there.Dimension} dimensions, {there.Distance} and '{there.Embedder}' already, not of {collection.Dimension}, {collection.Distance} and '{collection.Embedder}': use another name, or delete it first."));
        return there;
    });

    /// <inheritdoc />
    public CollectionInfo? Find(string name) => store.Read(name, CollectionTable.Find);

    /// <inheritdoc />
    public IReadOnlyList<CollectionInfo> List() => store.Read(0, static (session, _) => CollectionTable.List(session));

    /// <inheritdoc />
    public async Task<bool> DropAsync(string name, Caller caller)
    {
        // It is gone at once; its rows follow, and if the node stops before they are gone, with the next removal of a collection.
        var wasThere = await store.WriteAsync(session =>
        {
            if (CollectionTable.Find(session, name) is not { } collection)
                return false;
            CollectionTable.EnsureOwns(collection, caller, "remove");
            CollectionTable.Remove(session, collection.Id);
            return true;
        });
        foreach (var gone in store.Read(0, static (session, _) => Numbers(session.Statement(Orphans))))
        {
            while (await store.WriteAsync(session => RemoveSome(session, gone)) == DroppedAtOnce)
            {
            }
        }
        return wasThere;
    }

    /// <inheritdoc />
    public async Task ForgetIndexesAsync()
    {
        foreach (var identity in store.Read(0, static (session, _) => Texts(session.Statement(SelectDropped))))
        {
            if (indexes?.Remove(identity, IVectorIndexGrain.Shards) != false)
                await store.WriteAsync(session => session.Statement(DeleteDropped).Bind(identity).Run());
        }
    }

    /// <inheritdoc />
    public Task UpsertAsync(long collection, IReadOnlyList<StoredEmbedding> records, Caller caller) => store.WriteAsync(session =>
    {
        CollectionTable.Writable(session, collection, caller);
        var added = 0;
        foreach (var record in records)
        {
            added += Remove(session, collection, record.Key) ? 0 : 1;
            session.Statement(Insert)
                .Bind(collection).Bind(record.Key).Bind(record.Metadata).Bind(record.Text).Bind(MemoryMarshal.AsBytes<float>(record.Vector))
                .Run();
            session.Statement(InsertWords).Bind(Scope(collection)).Bind(record.Text).Run();
        }

        CollectionTable.Count(session, collection, added);
        return added;
    });

    /// <inheritdoc />
    public Task<int> RemoveAsync(long collection, IReadOnlyList<string> keys, Caller caller) => store.WriteAsync(session =>
    {
        CollectionTable.Writable(session, collection, caller);
        var removed = keys.Count(key => Remove(session, collection, key));
        CollectionTable.Count(session, collection, -removed);
        return removed;
    });

    /// <inheritdoc />
    public IReadOnlyList<StoredEmbedding> Get(long collection, IReadOnlyList<string> keys, bool withVectors) => store.Read((collection, keys, withVectors), static (session, asked) =>
    {
        var records = new List<StoredEmbedding>(asked.keys.Count);
        foreach (var key in asked.keys)
        {
            using var row = session.Statement(ByKey).Bind(asked.collection).Bind(key);
            if (row.Step())
                records.Add(Record(row, asked.withVectors));
        }
        return records;
    });

    /// <inheritdoc />
    public IReadOnlyList<StoredEmbedding> Get(IReadOnlyList<long> ids, bool withVectors) => store.Read((ids, withVectors), static (session, asked) =>
    {
        var records = new List<StoredEmbedding>(asked.ids.Count);
        foreach (var id in asked.ids)
        {
            using var row = session.Statement(ById).Bind(id);
            if (row.Step())
                records.Add(Record(row, asked.withVectors));
        }
        return records;
    });

    /// <inheritdoc />
    public IReadOnlyList<StoredEmbedding> Scan(long collection, MetadataFilter? filter, string after, int limit, bool withVectors)
    {
        var condition = FilterSql.Of(filter);
        return store.Read(0, (session, _) => session.Once($"{Scanned}{condition.Condition} ORDER BY e.key LIMIT ?", statement =>
        {
            condition.Bind(statement.Bind(collection).Bind(after)).Bind(limit);
            var records = new List<StoredEmbedding>();
            while (statement.Step())
                records.Add(Record(statement, withVectors));
            return records;
        }));
    }

    /// <inheritdoc />
    public IReadOnlyList<long> FindWords(long collection, IReadOnlyList<string> words, MetadataFilter? filter, int count)
    {
        // In quotation marks a word is a word, whatever it means to the query language.
        var any = string.Join(" OR ", words.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        var query = $"scope : {Scope(collection)} AND text : ({any})";
        var condition = FilterSql.Of(filter);
        return store.Read(0, (session, _) => session.Once($"{Worded}{condition.Condition} ORDER BY bm25(embedding_words, 0, 1) LIMIT ?", statement =>
        {
            condition.Bind(statement.Bind(query)).Bind(count);
            var ids = new List<long>();
            while (statement.Step())
                ids.Add(statement.Number(0));
            return ids;
        }));
    }

    /// <inheritdoc />
    public Task CompactAsync(long collection, Caller caller) => store.WriteAsync(session =>
    {
        CollectionTable.Writable(session, collection, caller);
        CollectionTable.Forget(session, collection, Numbers(session.Statement(NewestRemoval).Bind(collection))[0]);
        session.Statement(Optimize).Run();
        return session.Statement(DeleteRemovals).Bind(collection).Run();
    });

    internal static List<long> Numbers(SqliteStatement statement)
    {
        using var rows = statement;
        var numbers = new List<long>();
        while (rows.Step())
            numbers.Add(rows.Number(0));
        return numbers;
    }

    private static List<string> Texts(SqliteStatement statement)
    {
        using var rows = statement;
        var texts = new List<string>();
        while (rows.Step())
            texts.Add(rows.Text(0));
        return texts;
    }

    private static bool Remove(SqliteSession session, long collection, string key)
    {
        long id;
        using (var row = session.Statement(IdOf).Bind(collection).Bind(key))
        {
            if (!row.Step())
                return false;
            id = row.Number(0);
        }

        session.Statement(Delete).Bind(id).Run();
        session.Statement(DeleteWords).Bind(id).Run();
        session.Statement(InsertRemoval).Bind(collection).Bind(id).Run();
        return true;
    }

    private static int RemoveSome(SqliteSession session, long collection)
    {
        var ids = Numbers(session.Statement(SomeOf).Bind(collection).Bind(DroppedAtOnce));
        foreach (var id in ids)
        {
            session.Statement(Delete).Bind(id).Run();
            session.Statement(DeleteWords).Bind(id).Run();
        }
        session.Statement(DeleteRemovals).Bind(collection).Run();
        return ids.Count;
    }

    private static string Scope(long collection) => string.Create(CultureInfo.InvariantCulture, $"c{collection}");

    private static StoredEmbedding Record(SqliteStatement row, bool withVector) => new(
        row.Number(0), row.Text(1), row.Text(3), row.Text(2), withVector ? MemoryMarshal.Cast<byte, float>(row.Blob(4)).ToArray() : []);
}
