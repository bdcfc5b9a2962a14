using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using LLMOS.Kernel.Memory.Indexing;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

// What searches read: the log of vectors, words, and files as they were.
public sealed partial class SqliteFileStore : IVectorLog
{
    private const string VectorsAfter = "SELECT id, parent, vector FROM file_chunk WHERE id > ? AND id <= ? AND id % ? = ? AND gone IS NULL ORDER BY id";
    private const string NewestVector = "SELECT COALESCE(MAX(id), 0) FROM file_chunk";
    private const string RemovedAfter = "SELECT gone, id FROM file_chunk WHERE gone > ? ORDER BY gone";
    private const string NewestRemoval = "SELECT COALESCE(MAX(gone), 0) FROM file_chunk WHERE gone IS NOT NULL";
    private const string VectorOf = "SELECT vector FROM file_chunk WHERE id = ?";
    private const string ChunkOf = "SELECT COALESCE(entry, node), line, text FROM file_chunk WHERE id = ? AND gone IS NULL";
    private const string Worded = "SELECT rowid FROM file_words WHERE file_words MATCH ? ORDER BY rank LIMIT ?";
    private const string AsOf = "SELECT id, COALESCE(entry, node), line, text, vector FROM file_chunk WHERE at <= ?1 AND (gone_at IS NULL OR gone_at > ?1)";
    private const string InUseOfShard = "SELECT COUNT(*) FROM file_chunk WHERE gone IS NULL AND id % ? = ?";
    private const string Content = "SELECT content FROM file_version WHERE node = ? AND version = ?";

    /// <inheritdoc />
    public string Identity => space.Identity;

    /// <inheritdoc />
    public int Dimension => space.Dimension;

    /// <inheritdoc />
    public int Count(int shard, int shards) => store.Read((shard, shards), static (session, key) =>
    {
        using var row = session.Statement(InUseOfShard).Bind(key.shards).Bind(key.shard);
        row.Step();
        return (int)row.Number(0);
    });

    /// <inheritdoc />
    public IReadOnlySet<long> Matching(MetadataFilter filter, int shard, int shards) =>
        throw LlmosException.Refused("Files have no metadata to filter by: search below a path.");

    /// <inheritdoc />
    public long ReadAfter(long after, int shard, int shards, VectorReader read) => store.Read((after, shard, shards, read), static (session, key) =>
    {
        var newest = Number(session, NewestVector);
        if (newest <= key.after)
            return key.after;
        using var rows = session.Statement(VectorsAfter).Bind(key.after).Bind(newest).Bind(key.shards).Bind(key.shard);
        while (rows.Step())
            key.read(rows.Number(0), rows.Number(1), MemoryMarshal.Cast<byte, float>(rows.Blob(2)));
        return newest;
    });

    /// <inheritdoc />
    public long ReadRemovedAfter(long after, Action<long> removed) => store.Read((after, removed), static (session, key) =>
    {
        var newest = Number(session, NewestRemoval);
        if (newest <= key.after)
            return newest;
        var last = key.after;
        using var rows = session.Statement(RemovedAfter).Bind(key.after);
        while (rows.Step())
        {
            last = rows.Number(0);
            key.removed(rows.Number(1));
        }
        return last;
    });

    /// <inheritdoc />
    public IReadOnlyList<float[]> Read(IReadOnlyList<long> ids) => store.Read(ids, static (session, ids) =>
    {
        var vectors = new List<float[]>(ids.Count);
        foreach (var id in ids)
        {
            using var row = session.Statement(VectorOf).Bind(id);
            vectors.Add(row.Step() ? ChunkTable.Vector(row, 0) : []);
        }
        return vectors;
    });

    /// <inheritdoc />
    public void Walk(string path, Func<string, string, bool> file) => store.Read((path, file), static (session, key) =>
    {
        var seen = new HashSet<long>();
        foreach (var entry in NodeTable.Tree(session, NodeTable.Existing(session, key.path).Entry))
        {
            if (NodeTable.Get(session, entry) is not { Kind: NodeKind.File } row || !seen.Add(row.Id))
                continue;
            string text;
            using (var rows = session.Statement(Content).Bind(row.Id).Bind(row.Version))
                text = rows.Step() ? rows.Text(0) : "";
            if (!key.file(NodeTable.PathOf(session, row), text))
                break;
        }
        return true;
    });

    /// <inheritdoc />
    public ImmutableArray<long> Groups(string path, bool below) => store.Read((path, below), static (session, key) =>
    {
        if (NodeTable.Find(session, key.path) is not { } row)
            return ImmutableArray<long>.Empty;
        return key.below ? [.. NodeTable.Directories(session, row.Id)] : [row.Id];
    });

    /// <inheritdoc />
    public IReadOnlyList<FoundChunk> Chunks(IReadOnlyList<long> ids) => store.Read(ids, static (session, ids) =>
    {
        var chunks = new List<FoundChunk>(ids.Count);
        foreach (var id in ids)
        {
            long entry;
            int line;
            string text;
            using (var row = session.Statement(ChunkOf).Bind(id))
            {
                if (!row.Step())
                    continue;
                (entry, line, text) = (row.Number(0), (int)row.Number(1), row.Text(2));
            }
            if (NodeTable.Get(session, entry) is { } of)
                chunks.Add(Found(session, id, of, line, text));
        }
        return chunks;
    });

    /// <inheritdoc />
    public IReadOnlyList<long> FindWords(IReadOnlyList<string> words, int count)
    {
        // In quotation marks a word is a word, whatever it means to the query language.
        var query = string.Join(" OR ", words.Select(word => $"\"{word.Replace("\"", "\"\"", StringComparison.Ordinal)}\""));
        return store.Read((query, count), static (session, key) =>
        {
            using var rows = session.Statement(Worded).Bind(key.query).Bind(key.count);
            var ids = new List<long>();
            while (rows.Step())
                ids.Add(rows.Number(0));
            return ids;
        });
    }

    /// <inheritdoc />
    public IReadOnlyList<(FoundChunk Chunk, VectorHit Hit)> FindAsOf(float[] query, DateTimeOffset moment, int count) => store.Read((query, moment, count), static (session, key) =>
    {
        var nearest = new PriorityQueue<(VectorHit Hit, long Entry, int Line, string Text), float>();
        using (var rows = session.Statement(AsOf).Bind(key.moment.UtcTicks))
        {
            while (rows.Step())
            {
                var vector = MemoryMarshal.Cast<byte, float>(rows.Blob(4));
                var similarity = vector.Length == key.query.Length ? TensorPrimitives.Dot(vector, key.query) : float.NegativeInfinity;
                if (nearest.Count < key.count || (nearest.TryPeek(out _, out var least) && similarity > least))
                {
                    nearest.Enqueue((new VectorHit(rows.Number(0), similarity), rows.Number(1), (int)rows.Number(2), rows.Text(3)), similarity);
                    if (nearest.Count > key.count)
                        nearest.Dequeue();
                }
            }
        }

        var found = new List<(FoundChunk Chunk, VectorHit Hit)>();
        foreach (var (hit, entry, line, text) in nearest.UnorderedItems.Select(item => item.Element).OrderByDescending(item => item.Hit.Similarity))
        {
            if (NodeTable.Get(session, entry) is { } of)
                found.Add((Found(session, hit.Id, of, line, text), hit));
        }
        return found;
    });

    private static FoundChunk Found(SqliteSession session, long id, NodeRow name, int line, string text) =>
        new(id, name.Id, NodeTable.PathOf(session, name), name.Kind, line, text) { Links = name.Links };

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Statement(sql);
        row.Step();
        return row.Number(0);
    }
}
