using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Storage;

public sealed class SqliteReminderTableTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private SqliteStore _store;

    public SqliteReminderTableTests() => _store = SqliteStore.Open(_folder.Path);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_reminder_is_there_after_a_reopen_and_goes_with_its_version_only()
    {
        var entry = Entry("1", "tick");
        var etag = await Table().UpsertRow(entry);
        _store.Dispose();
        _store = SqliteStore.Open(_folder.Path);

        var read = await Table().ReadRow(entry.GrainId, "tick");
        Assert.NotNull(read);
        Assert.Equal(entry.StartAt, read.StartAt);
        Assert.Equal(entry.Period, read.Period);
        Assert.Equal(etag, read.ETag);
        Assert.False(await Table().RemoveRow(entry.GrainId, "tick", "not a version"));
        Assert.False(await Table().RemoveRow(entry.GrainId, "tick", "1"));
        Assert.True(await Table().RemoveRow(entry.GrainId, "tick", etag!));
        Assert.Null(await Table().ReadRow(entry.GrainId, "tick"));
    }

    [Fact]
    public async Task A_second_one_of_the_same_name_replaces_the_first()
    {
        await Table().UpsertRow(Entry("1", "tick"));
        var changed = Entry("1", "tick");
        changed.Period = TimeSpan.FromHours(3);
        await Table().UpsertRow(changed);
        await Table().UpsertRow(Entry("1", "tock"));

        var rows = (await Table().ReadRows(changed.GrainId)).Reminders;
        Assert.Equal(["tick", "tock"], rows.Select(row => row.ReminderName).Order());
        Assert.Equal(TimeSpan.FromHours(3), rows.Single(row => row.ReminderName == "tick").Period);
    }

    [Fact]
    public async Task Every_reminder_lies_in_one_part_of_the_ring()
    {
        foreach (var i in Enumerable.Range(0, 100))
            await Table().UpsertRow(Entry($"{i}", "tick"));

        uint[] cuts = [0x2000_0000, 0x7000_0000, 0x8000_0001, 0xE000_0000];
        var found = new List<GrainId>();
        for (var i = 0; i < cuts.Length; i++)
        {
            var (begin, end) = (cuts[i], cuts[(i + 1) % cuts.Length]);
            var rows = (await Table().ReadRows(begin, end)).Reminders;
            Assert.All(rows, row => Assert.True(InRange(row.GrainId.GetUniformHashCode(), begin, end)));
            found.AddRange(rows.Select(row => row.GrainId));
        }
        Assert.Equal(100, found.Distinct().Count());
        Assert.Equal(100, found.Count);

        // An empty span of the ring is the whole of it.
        Assert.Equal(100, (await Table().ReadRows(5, 5)).Reminders.Count);
    }

    private static bool InRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static ReminderEntry Entry(string key, string name) => new()
    {
        GrainId = GrainId.Create("note", key),
        ReminderName = name,
        StartAt = new DateTime(2031, 5, 6, 7, 8, 9, DateTimeKind.Utc),
        Period = TimeSpan.FromMinutes(7),
    };

    private SqliteReminderTable Table() => new(_store);
}
