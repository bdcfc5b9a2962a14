using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Storage;

/// <summary>What turns have said so far, in the node's database. The rows of a turn go with its message: see <see cref="Delete"/>.</summary>
internal sealed class SqliteTurnLog(SqliteStore store) : ITurnLog
{
    private const string SelectOpen = "SELECT message_id FROM turn_log WHERE pid = ? LIMIT 1";
    private const string SelectParts = "SELECT tokens, text, data FROM turn_log WHERE pid = ? AND message_id = ? ORDER BY part";
    private const string SelectPart = "SELECT 1 FROM turn_log WHERE pid = ? AND message_id = ? AND part = ?";
    private const string Insert = "INSERT INTO turn_log (pid, message_id, part, tokens, text, data) VALUES (?, ?, ?, ?, ?, ?)";
    private const string DeleteTurn = "DELETE FROM turn_log WHERE pid = ? AND message_id = ?";

    /// <summary>Forgets what a turn said, in the write that makes its message done with.</summary>
    public static void Delete(SqliteSession session, long pid, Guid messageId) =>
        session.Statement(DeleteTurn).Bind(pid).Bind(messageId).Run();

    /// <inheritdoc />
    public Task<Guid?> FindAsync(long pid, CancellationToken cancellationToken = default) => Task.FromResult(store.Read(pid, static (session, key) =>
    {
        using var row = session.Statement(SelectOpen).Bind(key);
        return row.Step() ? row.Id(0) : (Guid?)null;
    }));

    /// <inheritdoc />
    public Task<IReadOnlyList<TurnPart>> ReadAsync(long pid, Guid messageId, CancellationToken cancellationToken = default) =>
        Task.FromResult(store.Read((pid, messageId), static IReadOnlyList<TurnPart> (session, key) =>
        {
            var parts = new List<TurnPart>();
            using var rows = session.Statement(SelectParts).Bind(key.pid).Bind(key.messageId);
            while (rows.Step())
                parts.Add(new TurnPart((int)rows.Number(0), rows.Text(1), rows.Blob(2).ToArray()));
            return parts;
        }));

    /// <inheritdoc />
    public async Task AppendAsync(long pid, Guid messageId, int first, IReadOnlyList<TurnPart> parts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(parts);
        await store.WriteAsync(
            session =>
            {
                if (HasPart(session, pid, messageId, first) || (first > 0 && !HasPart(session, pid, messageId, first - 1)))
                    throw LlmosException.Unavailable($"What process {pid} says in its turn was written by another activation of it: the turn goes on from there.");
                for (var i = 0; i < parts.Count; i++)
                    session.Statement(Insert).Bind(pid).Bind(messageId).Bind(first + i).Bind(parts[i].Tokens).Bind(parts[i].Text).Bind(parts[i].Data.ToArray()).Run();
                return parts.Count;
            },
            cancellationToken: cancellationToken);
    }

    private static bool HasPart(SqliteSession session, long pid, Guid messageId, int part)
    {
        using var row = session.Statement(SelectPart).Bind(pid).Bind(messageId).Bind(part);
        return row.Step();
    }
}
