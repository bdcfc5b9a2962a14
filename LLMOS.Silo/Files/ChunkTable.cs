using System.Runtime.InteropServices;
using LLMOS.Silo.Storage;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.Silo.Files;

/// <summary>Reads and changes the pieces of files with their vectors and words, inside the transaction of whoever calls.</summary>
internal static class ChunkTable
{
    private const string Insert = "INSERT INTO file_chunk (node, parent, line, text, vector, at) VALUES (?, ?, ?, ?, ?, ?)";
    private const string InsertWords = "INSERT INTO file_words (rowid, text) VALUES (last_insert_rowid(), ?)";
    private const string InUse = "SELECT id, line, text, vector FROM file_chunk WHERE node = ? AND gone IS NULL ORDER BY id";
    private const string NextRemoval = "SELECT COALESCE(MAX(gone), 0) + 1 FROM file_chunk WHERE gone IS NOT NULL";
    private const string Retire = "UPDATE file_chunk SET gone = ?, gone_at = ? WHERE id = ?";
    private const string DeleteWords = "DELETE FROM file_words WHERE rowid = ?";

    public static void Add(SqliteSession session, long node, long parent, FileChunk chunk, long now)
    {
        session.Statement(Insert)
            .Bind(node).Bind(parent).Bind(chunk.Line).Bind(chunk.Text).Bind(MemoryMarshal.AsBytes<float>(chunk.Vector)).Bind(now)
            .Run();
        session.Statement(InsertWords).Bind(chunk.Text).Run();
    }

    /// <summary>Takes the pieces of an inode out of use.</summary>
    /// <returns>What they were.</returns>
    public static List<FileChunk> Remove(SqliteSession session, long node, long now)
    {
        var ids = new List<long>();
        var chunks = new List<FileChunk>();
        using (var rows = session.Statement(InUse).Bind(node))
        {
            while (rows.Step())
            {
                ids.Add(rows.Number(0));
                chunks.Add(new FileChunk((int)rows.Number(1), rows.Text(2), Vector(rows, 3)));
            }
        }

        if (ids.Count == 0)
            return chunks;
        long removal;
        using (var next = session.Statement(NextRemoval))
        {
            next.Step();
            removal = next.Number(0);
        }

        foreach (var id in ids)
        {
            session.Statement(Retire).Bind(removal++).Bind(now).Bind(id).Run();
            session.Statement(DeleteWords).Bind(id).Run();
        }
        return chunks;
    }

    public static float[] Vector(SqliteStatement row, int column) => MemoryMarshal.Cast<byte, float>(row.Blob(column)).ToArray();
}
