using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Audit;
using LLMOS.Silo.Storage;
using LLMOS.Silo.Streams;
using LLMOS.Silo.Tests.Streams;
using Microsoft.Data.Sqlite;

namespace LLMOS.Silo.Tests.Audit;

/// <summary>The audit log: what it keeps, and what it says of a database that somebody changed by hand.</summary>
public sealed class AuditLogTests : IDisposable
{
    private const int Records = 10;

    private readonly TempFolder _folder = new();

    public static TheoryData<string, long, string> Changes => new()
    {
        { "UPDATE audit SET tokens = tokens + 1 WHERE seq = 5", 5, "altered" },
        { "UPDATE audit SET result = 'ok' WHERE seq = 5", 5, "altered" },
        { "UPDATE audit SET result = result || ' ' WHERE seq = 1", 1, "altered" },
        { "UPDATE audit SET at = at - 1 WHERE seq = 10", 10, "altered" },
        { "UPDATE audit SET source = NULL WHERE seq = 3", 3, "altered" },
        { "UPDATE audit SET source = destination, destination = source WHERE seq = 3", 3, "altered" },
        { "UPDATE audit SET arguments = substr(syscall, 2), syscall = substr(syscall, 1, 1) WHERE seq = 4", 4, "altered" },
        { "UPDATE audit SET vector_digest = zeroblob(32) WHERE seq = 2", 2, "altered" },
        { "UPDATE audit SET hash = zeroblob(32) WHERE seq = 6", 6, "altered" },
        { "UPDATE audit SET hash = x'00' WHERE seq = 6", 6, "altered" },
        { "DELETE FROM audit WHERE seq = 5", 5, "is missing: the one after 4 is 6" },
        { "DELETE FROM audit WHERE seq = 1", 1, "is missing" },
        { "DELETE FROM audit WHERE seq = 10", 10, "the log ends with 9" },
        { "DELETE FROM audit WHERE seq > 7", 8, "the log ends with 7" },
        { "DELETE FROM audit", 1, "the log ends with 0" },
        { "DELETE FROM audit WHERE seq > 7; UPDATE audit_head SET count = 7", 7, "is not the last that the head knows" },
        { "UPDATE audit SET seq = -1 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -1", 4, "not the one that was in its place" },
        { "UPDATE audit SET seq = 0 WHERE seq = 1", 0, "was added" },
        { "INSERT INTO audit SELECT 11, at, principal, source, destination, syscall, arguments, vector_digest, tokens, result, hash FROM audit WHERE seq = 10", 11, "was added" },
        { "UPDATE audit_head SET hash = zeroblob(32)", 10, "is not the last that the head knows" },
        { "UPDATE audit_head SET count = 3", 4, "was added" },
        { "DELETE FROM audit_head", 0, "head of the audit log is gone" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_first_record_that_is_not_as_it_was_written_is_named(string change, long at, string problem)
    {
        await FillAsync();
        Change(change);
        using var store = SqliteStore.Open(_folder.Path);
        var found = await SqliteAuditLog.In(store).VerifyAsync();
        Assert.False(found.IsIntact);
        Assert.Equal(at, found.BrokenAt);
        Assert.Contains(problem, found.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_nobody_touched_is_intact_and_its_head_stands_for_all_of_it()
    {
        var before = await FillAsync();
        using var store = SqliteStore.Open(_folder.Path);
        var log = SqliteAuditLog.In(store);
        var after = await log.VerifyAsync();
        Assert.Equal((Records, true), (after.Records, after.IsIntact));
        Assert.Equal(before, after.Head);
        await log.WriteAsync(Entry("another"));
        Assert.NotEqual(before, (await log.VerifyAsync()).Head);
        Change("UPDATE audit SET tokens = 99 WHERE seq = 11");
        Assert.Equal(11, (await log.VerifyAsync()).BrokenAt);
    }

    [Fact]
    public async Task A_changed_byte_of_the_file_is_found()
    {
        await FillAsync();
        Change("PRAGMA wal_checkpoint(TRUNCATE)");
        var path = Path.Combine(_folder.Path, "llmos.db");
        var bytes = await File.ReadAllBytesAsync(path);
        var at = bytes.AsSpan().IndexOf("say it 7"u8);
        Assert.True(at > 0);
        bytes[at + 4] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var store = SqliteStore.Open(_folder.Path);
        Assert.Equal(7, (await SqliteAuditLog.In(store).VerifyAsync()).BrokenAt);
    }

    [Fact]
    public async Task Records_are_found_by_process_syscall_and_time()
    {
        using var store = SqliteStore.Open(_folder.Path);
        var log = SqliteAuditLog.In(store);
        var start = DateTimeOffset.UnixEpoch;
        await log.WriteAsync(Entry("kill") with { At = start, Source = 1, Destination = 2 });
        await log.WriteAsync(Entry("send") with { At = start.AddHours(1), Source = 2, Destination = 3 });
        await log.NoteAsync(Entry("kill") with { At = start.AddHours(2), Source = 3, Destination = 3 });
        await FindsAsync([1, 2], new AuditQuery { Pid = 2 });
        await FindsAsync([2, 3], new AuditQuery { Pid = 3 });
        await FindsAsync([1, 3], new AuditQuery { Syscall = "kill" });
        await FindsAsync([3], new AuditQuery { Syscall = "kill", Pid = 3 });
        await FindsAsync([2], new AuditQuery { Since = start.AddMinutes(1), Until = start.AddMinutes(90) });
        await FindsAsync([3], new AuditQuery { Limit = 1 });
        await FindsAsync([2], new AuditQuery { AfterSequence = 1, OldestFirst = true, Limit = 1 });
        await FindsAsync([2, 3], new AuditQuery { AfterSequence = 1, OldestFirst = true });
        await FindsAsync([2], new AuditQuery { AfterSequence = 1, OldestFirst = true, Pid = 2 });
        await FindsAsync([3], new AuditQuery { AfterSequence = 1, OldestFirst = true, Syscall = "kill" });
        await FindsAsync([], new AuditQuery { AfterSequence = 3, OldestFirst = true, Pid = 3, Syscall = "kill" });

        async Task FindsAsync(long[] sequences, AuditQuery query) =>
            Assert.Equal(sequences, (await log.QueryAsync(query)).Select(record => record.Sequence));
    }

    [Fact]
    public async Task A_text_that_a_database_does_not_keep_as_it_is_does_not_look_altered()
    {
        using var store = SqliteStore.Open(_folder.Path);
        var log = SqliteAuditLog.In(store);
        await log.WriteAsync(Entry("a\0b") with { Arguments = "lone \ud800 and ünïcödé 🚪", Result = new string('x', 5_000) });
        Assert.True((await log.VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task A_message_is_recorded_in_the_commit_that_logs_it_and_once()
    {
        using var store = SqliteStore.Open(_folder.Path);
        var messages = VmpLog.In(store);
        var message = TestMessages.To(30, "hello", from: 20, dimension: 16);
        await messages.AppendAsync(VmpStreamIds.Mailbox(30), message);
        await messages.AppendAsync(VmpStreamIds.Mailbox(30), message);
        var record = Assert.Single(await SqliteAuditLog.In(store).QueryAsync(new AuditQuery()));
        Assert.Equal((20L, 30L, "message"), (record.Entry.Source, record.Entry.Destination, record.Entry.Syscall));
        Assert.Contains(message.MessageId.ToString(), record.Entry.Arguments, StringComparison.Ordinal);
        Assert.Equal(
            System.Security.Cryptography.SHA256.HashData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(message.Vector.AsSpan())),
            record.Entry.VectorDigest);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_refused_and_nothing_that_was_is_lost()
    {
        using var store = SqliteStore.Open(_folder.Path, new SqliteStoreOptions { MaxBytes = 400 * 1024 });
        var log = SqliteAuditLog.In(store);
        await store.WriteAsync(session => session.Statement("CREATE TABLE filler (value BLOB)").Run());
        await Assert.ThrowsAsync<LlmosException>(async () =>
        {
            while (true)
            {
                await store.WriteAsync(session => session.Statement("INSERT INTO filler VALUES (zeroblob(20000))").Run());
            }
        });

        // What fills the last free pages is taken; then the notes are refused, with the reason.
        var accepted = 0;
        LlmosException? refusal = null;
        await Until.TrueAsync(async () =>
        {
            try
            {
                await log.NoteAsync(Entry("noted") with { Arguments = new string('n', 200) });
                accepted++;
                return false;
            }
            catch (LlmosException full)
            {
                refusal = full;
                return true;
            }
        });
        Assert.Equal(LlmosErrorCode.ResourceExhausted, refusal!.Code);

        await store.WriteAsync(session => session.Statement("DELETE FROM filler").Run());
        await log.NoteAsync(Entry("after"));
        var found = await log.VerifyAsync();
        Assert.True(found.IsIntact, found.Problem);
        Assert.Equal(accepted + 1, found.Records);
    }

    private static AuditEntry Entry(string syscall) => new()
    {
        At = DateTimeOffset.UtcNow,
        Principal = "local",
        Syscall = syscall,
        Result = AuditEntry.Done,
    };

    private async Task<System.Collections.Immutable.ImmutableArray<byte>> FillAsync()
    {
        await using var store = SqliteStore.Open(_folder.Path);
        var log = SqliteAuditLog.In(store);
        for (var i = 1; i <= Records; i++)
        {
            var entry = Entry("send") with
            {
                Source = i,
                Destination = i + 1,
                Arguments = $"say it {i}",
                VectorDigest = [.. Enumerable.Repeat((byte)i, 32)],
                Tokens = i,
                Result = i % 2 == 0 ? AuditEntry.Done : "PermissionDenied: no",
            };
            if (i % 3 == 0)
            {
                await log.NoteAsync(entry);
                await log.QueryAsync(new AuditQuery());
            }
            else
            {
                await log.WriteAsync(entry);
            }
        }

        return (await log.VerifyAsync()).Head;
    }

    /// <summary>What somebody does with the database who has nothing but SQLite.</summary>
    private void Change(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.Path, "llmos.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
