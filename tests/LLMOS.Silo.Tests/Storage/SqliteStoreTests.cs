using LLMOS.Silo.Storage;

namespace LLMOS.Silo.Tests.Storage;

public sealed class SqliteStoreTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_reopen_in_the_order_of_each_caller()
    {
        const int Callers = 8;
        const int Writes = 250;
        using (var store = SqliteStore.Open(_folder.Path))
        {
            await CreateTableAsync(store);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            {
                var tasks = Enumerable.Range(0, Writes).Select(i => InsertAsync(store, $"{caller}/{i}")).ToList();
                await Task.WhenAll(tasks);
            })));
        }

        using var reopened = SqliteStore.Open(_folder.Path);
        var values = Values(reopened);
        Assert.Equal(Callers * Writes, values.Count);
        for (var caller = 0; caller < Callers; caller++)
        {
            Assert.Equal(
                Enumerable.Range(0, Writes).Select(i => $"{caller}/{i}"),
                values.Where(value => value.StartsWith($"{caller}/", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Writes_that_wait_together_share_a_transaction()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await CreateTableAsync(store);
        var seen = new List<int>();
        await BatchAsync(
            store,
            Enumerable.Range(0, 50).Select(i => (Func<Task>)(() => store.WriteAsync(session =>
            {
                session.Statement("INSERT INTO t (value) VALUES (?)").Bind($"{i}").Run();
                // Another connection sees nothing of a transaction that is still open.
                seen.Add(Values(store).Count);
                return 0;
            }))).ToArray());

        Assert.Equal(50, Values(store).Count);
        Assert.All(seen, count => Assert.Equal(0, count));
    }

    [Fact]
    public async Task A_write_that_fails_after_changes_fails_its_caller_alone()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await CreateTableAsync(store);
        Task failing = Task.CompletedTask;
        await BatchAsync(
            store,
            () => InsertAsync(store, "before"),
            async () =>
            {
                failing = store.WriteAsync<int>(session =>
                {
                    session.Statement("INSERT INTO t (value) VALUES ('half')").Run();
                    throw new InvalidOperationException("changed my mind");
                });
                await failing.ContinueWith(_ => { }, TaskScheduler.Default);
            },
            () => InsertAsync(store, "after"));

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("changed my mind", exception.Message);
        Assert.Equal(["before", "after"], Values(store));
    }

    [Fact]
    public async Task A_write_that_SQLite_refuses_fails_its_caller_alone()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await store.WriteAsync(session => session.Statement("CREATE TABLE t (value TEXT UNIQUE)").Run());
        Task duplicate = Task.CompletedTask;
        await BatchAsync(
            store,
            () => InsertAsync(store, "a"),
            async () =>
            {
                duplicate = InsertAsync(store, "a");
                await duplicate.ContinueWith(_ => { }, TaskScheduler.Default);
            },
            () => InsertAsync(store, "b"));

        var exception = await Assert.ThrowsAsync<LlmosException>(() => duplicate);
        Assert.Contains("UNIQUE", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Values(store));
    }

    [Fact]
    public async Task A_write_that_is_given_up_before_it_begins_does_not_happen()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await CreateTableAsync(store);
        using var source = new CancellationTokenSource();
        Task canceled = Task.CompletedTask;
        await BatchAsync(
            store,
            async () =>
            {
                canceled = store.WriteAsync(
                    session => session.Statement("INSERT INTO t (value) VALUES ('no')").Run(), cancellationToken: source.Token);
                await source.CancelAsync();
                await canceled.ContinueWith(_ => { }, TaskScheduler.Default);
            },
            () => InsertAsync(store, "yes"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        Assert.Equal(["yes"], Values(store));
    }

    [Fact]
    public async Task A_deferred_write_comes_without_another_and_before_the_end()
    {
        using (var store = SqliteStore.Open(_folder.Path))
        {
            await CreateTableAsync(store);
            await store.DeferAsync(session => session.Statement("INSERT INTO t (value) VALUES ('alone')").Run()).WaitAsync(Limit);
            _ = store.DeferAsync(session => session.Statement("INSERT INTO t (value) VALUES ('last')").Run());
        }

        using var reopened = SqliteStore.Open(_folder.Path);
        Assert.Equal(["alone", "last"], Values(reopened));
    }

    [Fact]
    public async Task A_full_disk_refuses_the_write_keeps_the_rest_and_goes_on_when_there_is_room()
    {
        using (var store = SqliteStore.Open(_folder.Path, new SqliteStoreOptions { MaxBytes = 2 << 20 }))
        {
            await CreateTableAsync(store);
            var big = new string('x', 100_000);
            var stored = 0;
            LlmosException? refusal = null;
            while (refusal is null)
            {
                try
                {
                    await InsertAsync(store, big);
                    Assert.True(++stored < 100, "The limit never came.");
                }
                catch (LlmosException exception)
                {
                    refusal = exception;
                }
            }

            Assert.Equal(LlmosErrorCode.ResourceExhausted, refusal.Code);
            Assert.Contains(store.DatabasePath, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(stored, Values(store).Count);

            // A neighbour that fits is stored although it shares a transaction with one that does not.
            Task tooBig = Task.CompletedTask;
            await BatchAsync(
                store,
                async () =>
                {
                    tooBig = InsertAsync(store, new string('y', 1 << 20));
                    await tooBig.ContinueWith(_ => { }, TaskScheduler.Default);
                },
                () => InsertAsync(store, "small"));
            Assert.Equal(LlmosErrorCode.ResourceExhausted, (await Assert.ThrowsAsync<LlmosException>(() => tooBig)).Code);
            Assert.Equal(stored + 1, Values(store).Count);

            await store.WriteAsync(session => session.Statement("DELETE FROM t WHERE value LIKE 'x%'").Run());
            await InsertAsync(store, big);
            Assert.Equal(2, Values(store).Count);
        }

        using var reopened = SqliteStore.Open(_folder.Path);
        Assert.Equal("ok", reopened.Read(0, (session, _) => session.Scalar("PRAGMA integrity_check")));
        Assert.Equal(2, Values(reopened).Count);
    }

    [Fact]
    public async Task A_write_that_the_operating_system_refuses_is_told_and_nothing_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The size of files is limited through bash here, in units that differ elsewhere.");
        await using var child = ChildProcess.StartWithFileLimit(8 * 1024, "fill", _folder.Path);
        Assert.True(await child.ReadLineAsync() is nameof(LlmosErrorCode.Unavailable) or nameof(LlmosErrorCode.ResourceExhausted));
        Assert.Contains(_folder.Path, await child.ReadLineAsync(), StringComparison.Ordinal);
        var stored = int.Parse((await child.ReadLineAsync())!);
        var (exitCode, error) = await child.WaitAsync();
        Assert.Equal("", error);
        Assert.Equal(0, exitCode);

        using var reopened = SqliteStore.Open(_folder.Path);
        Assert.Equal("ok", reopened.Read(0, (session, _) => session.Scalar("PRAGMA integrity_check")));
        Assert.InRange(stored, 50, 1_000);
        Assert.Equal(stored + 1, Values(reopened).Count);
    }

    [Fact]
    public async Task A_database_that_turns_read_only_says_so()
    {
        using var store = SqliteStore.Open(_folder.Path);
        await CreateTableAsync(store);
        await store.WriteAsync(session => session.Statement("PRAGMA query_only = 1").Run());

        var exception = await Assert.ThrowsAsync<LlmosException>(() => InsertAsync(store, "x"));
        Assert.Contains("read-only", exception.Message, StringComparison.Ordinal);
        Assert.Contains(store.DatabasePath, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = SqliteStore.Open(_folder.Path);
        await store.DisposeAsync();
        await store.DisposeAsync();

        Assert.Contains("closed", (await Assert.ThrowsAsync<LlmosException>(() => InsertAsync(store, "x"))).Message, StringComparison.Ordinal);
        Assert.Contains("closed", Assert.Throws<LlmosException>(() => Values(store)).Message, StringComparison.Ordinal);
    }

    /// <summary>Lets writes wait together: the first of them holds the writer until all are queued.</summary>
    private static async Task BatchAsync(SqliteStore store, params Func<Task>[] writes)
    {
        using var begun = new ManualResetEventSlim();
        using var queued = new ManualResetEventSlim();
        var first = store.WriteAsync(_ =>
        {
            begun.Set();
            Assert.True(queued.Wait(Limit));
            return 0;
        });
        Assert.True(begun.Wait(Limit));
        var tasks = writes.Select(write => write()).ToList();
        queued.Set();
        await first.WaitAsync(Limit);
        await Task.WhenAll(tasks).WaitAsync(Limit);
    }

    private static Task<int> CreateTableAsync(SqliteStore store) =>
        store.WriteAsync(session => session.Statement("CREATE TABLE t (id INTEGER PRIMARY KEY, value TEXT NOT NULL)").Run());

    private static Task<int> InsertAsync(SqliteStore store, string value) =>
        store.WriteAsync(session => session.Statement("INSERT INTO t (value) VALUES (?)").Bind(value).Run());

    private static List<string> Values(SqliteStore store) => store.Read(0, (session, _) =>
    {
        using var rows = session.Statement("SELECT value FROM t ORDER BY rowid");
        var values = new List<string>();
        while (rows.Step())
            values.Add(rows.Text(0));
        return values;
    });
}
