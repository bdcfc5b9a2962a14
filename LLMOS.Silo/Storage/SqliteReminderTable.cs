using System.Globalization;

namespace LLMOS.Silo.Storage;

/// <summary>Orleans' reminders in the node's database.</summary>
public sealed class SqliteReminderTable(SqliteStore store) : IReminderTable
{
    private const string Columns = "SELECT grain_id, name, start_at, period, etag FROM reminder ";
    private const string OfGrain = Columns + "WHERE grain_id = ?";
    private const string OfGrainByName = Columns + "WHERE grain_id = ? AND name = ?";
    private const string InRange = Columns + "WHERE hash > ? AND hash <= ?";
    private const string InWrappedRange = Columns + "WHERE hash > ? OR hash <= ?";
    private const string Upsert =
        "INSERT OR REPLACE INTO reminder (grain_id, name, hash, start_at, period, etag) VALUES (?, ?, ?, ?, ?, ?)";
    private const string Delete = "DELETE FROM reminder WHERE grain_id = ? AND name = ? AND etag = ?";

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(
        store.Read(grainId.ToString(), static (session, id) => List(session.Statement(OfGrain).Bind(id))));

    /// <summary>Those whose hash lies in the ring range (begin, end]; a range whose end is not above its begin wraps around.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(
        store.Read((begin, end), static (session, range) => List(
            session.Statement(range.begin < range.end ? InRange : InWrappedRange).Bind(range.begin).Bind(range.end))));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult(
        store.Read((Id: grainId.ToString(), Name: reminderName), static (session, key) =>
            List(session.Statement(OfGrainByName).Bind(key.Id).Bind(key.Name)).Reminders.FirstOrDefault()));

    public async Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var etag = Random.Shared.NextInt64(1, long.MaxValue);
        await store.WriteAsync(session => session.Statement(Upsert)
            .Bind(entry.GrainId.ToString())
            .Bind(entry.ReminderName)
            .Bind(entry.GrainId.GetUniformHashCode())
            .Bind(entry.StartAt.Ticks)
            .Bind(entry.Period.Ticks)
            .Bind(etag)
            .Run());
        return Format(etag);
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag)
    {
        if (!long.TryParse(eTag, NumberStyles.None, CultureInfo.InvariantCulture, out var etag))
            return false;
        var id = grainId.ToString();
        return await store.WriteAsync(session => session.Statement(Delete).Bind(id).Bind(reminderName).Bind(etag).Run()) > 0;
    }

    public Task TestOnlyClearTable() => store.WriteAsync(static session => session.Statement("DELETE FROM reminder").Run());

    private static ReminderTableData List(SqliteStatement rows)
    {
        using (rows)
        {
            var entries = new List<ReminderEntry>();
            while (rows.Step())
            {
                entries.Add(new ReminderEntry
                {
                    GrainId = GrainId.Parse(rows.Text(0)),
                    ReminderName = rows.Text(1),
                    StartAt = new DateTime(rows.Number(2), DateTimeKind.Utc),
                    Period = TimeSpan.FromTicks(rows.Number(3)),
                    ETag = Format(rows.Number(4)),
                });
            }
            return new ReminderTableData(entries);
        }
    }

    private static string Format(long etag) => etag.ToString(CultureInfo.InvariantCulture);
}
