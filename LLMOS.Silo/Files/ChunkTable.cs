using System.Runtime.InteropServices;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>
/// Reads and changes the pieces of files with their vectors and words, inside the transaction of whoever calls. Each name of a file has all of its pieces, in the directory that the name lies in, so that
/// a search below any directory looks at what is there and no more.
/// </summary>
internal static class ChunkTable
{
    private const string Insert = "INSERT INTO file_chunk (node, entry, parent, line, text, vector, at) VALUES (?, ?, ?, ?, ?, ?, ?)";
    private const string InsertWords = "INSERT INTO file_words (rowid, text) VALUES (last_insert_rowid(), ?)";
    private const string InUse = "SELECT id, line, text, vector FROM file_chunk WHERE node = ? AND gone IS NULL AND entry IS ? ORDER BY id";
    private const string NextRemoval = "SELECT COALESCE(MAX(gone), 0) + 1 FROM file_chunk WHERE gone IS NOT NULL";
    private const string Retire = "UPDATE file_chunk SET gone = ?, gone_at = ? WHERE id = ?";
    private const string DeleteWords = "DELETE FROM file_words WHERE rowid = ?";
    private const string Rename = "UPDATE file_chunk SET entry = NULL WHERE node = ? AND gone IS NULL AND entry IS ?";

    /// <param name="session">The transaction.</param>
    /// <param name="node">The inode.</param>
    /// <param name="entry">The row of the name.</param>
    /// <param name="parent">The directory of the name.</param>
    /// <param name="chunk">The piece.</param>
    /// <param name="now">The time.</param>
    public static void Add(SqliteSession session, long node, long entry, long parent, FileChunk chunk, long now)
    {
        session.Statement(Insert)
            .Bind(node).Bind(Other(node, entry)).Bind(parent).Bind(chunk.Line).Bind(chunk.Text).Bind(MemoryMarshal.AsBytes<float>(chunk.Vector)).Bind(now)
            .Run();
        session.Statement(InsertWords).Bind(chunk.Text).Run();
    }

    /// <summary>The pieces of a name that are in use.</summary>
    public static List<FileChunk> Of(SqliteSession session, long node, long entry) => [.. Read(session, node, entry).Select(chunk => chunk.Chunk)];

    /// <summary>Takes the pieces of a name out of use.</summary>
    /// <returns>What they were.</returns>
    public static List<FileChunk> Remove(SqliteSession session, long node, long entry, long now)
    {
        var chunks = Read(session, node, entry);
        if (chunks.Count == 0)
            return [];
        long removal;
        using (var next = session.Statement(NextRemoval))
        {
            next.Step();
            removal = next.Number(0);
        }

        foreach (var (id, _) in chunks)
        {
            session.Statement(Retire).Bind(removal++).Bind(now).Bind(id).Run();
            session.Statement(DeleteWords).Bind(id).Run();
        }
        return chunks.ConvertAll(chunk => chunk.Chunk);
    }

    /// <summary>The pieces of a name are those of the first one from now on.</summary>
    public static void BecomeFirst(SqliteSession session, long node, long entry) => session.Statement(Rename).Bind(node).Bind(entry).Run();

    public static float[] Vector(SqliteStatement row, int column) => MemoryMarshal.Cast<byte, float>(row.Blob(column)).ToArray();

    private static List<(long Id, FileChunk Chunk)> Read(SqliteSession session, long node, long entry)
    {
        var chunks = new List<(long Id, FileChunk Chunk)>();
        using var rows = session.Statement(InUse).Bind(node).Bind(Other(node, entry));
        while (rows.Step())
            chunks.Add((rows.Number(0), new FileChunk((int)rows.Number(1), rows.Text(2), Vector(rows, 3))));
        return chunks;
    }

    // The first name of an inode lies in its own row.
    private static long? Other(long node, long entry) => entry == node ? null : entry;
}
