using System.Globalization;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.Silo.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Bus;

/// <summary>A whole system whose store has no room left, in the middle of a turn, and then has some again.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-full-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_finds_no_room_is_refused_in_a_sentence_and_all_goes_on_when_there_is_room_again()
    {
        await using var system = await BusSystem.StartAsync(_data);
        var store = system.Services.GetRequiredService<SqliteStore>();
        var table = system.Grains.GetGrain<IProcessTableGrain>(0);
        var slow = await system.SpawnAsync("gate");
        var mailbox = await system.SpawnAsync(ProcessPrograms.Mailbox);
        var request = await system.SendAsync(slow, "wait");
        await BusSystem.UntilAsync(() => Task.FromResult(system.Programs.Begun.Count == 1), "the turn has begun");

        await LimitPagesAsync(store, await store.WriteAsync(session => Number(session, "PRAGMA page_count"), cancellationToken: TestContext.Current.CancellationToken));
        var sent = await RefusedAsync(() => system.SendAsync(mailbox, new string('x', 2_000)));
        var spawned = await RefusedAsync(() => system.SpawnAsync(ProcessPrograms.Mailbox));
        await RefusedAsync(() => system.Process(mailbox).SetPriorityAsync(ProcessPriority.Of(PriorityClass.High)));
        await RefusedAsync(() => system.Grains.GetGrain<IAccountGrain>("alice").SetLimitAsync(new LimitCaller(WellKnownPids.Console, Permissions.All), ResourceLimit.Tokens, 5));

        // The turn comes to its end, and what it did cannot be kept. Whoever watches is told why.
        var watching = WatchAsync(system.Process(slow));
        system.Programs.Open(slow);
        AssertFull(await Assert.ThrowsAsync<LlmosException>(() => watching.WaitAsync(RunningSystem.Limit, TestContext.Current.CancellationToken)));
        Assert.Equal("gate", (await system.Process(slow).GetAsync()).Name);

        // Nobody calls it: it goes on by itself.
        const long Plenty = 1_000_000;
        await LimitPagesAsync(store, Plenty);
        Assert.Equal("wait", (await system.AnswerAsync(request)).Payload);
        await BusSystem.UntilAsync(async () => (await system.Process(slow).GetAsync()).Turns == 1, "the turn is committed");
        await BusSystem.UntilAsync(async () => (await system.Process(mailbox).GetAsync()).Waiting == sent, "what was acknowledged is in the mailbox");
        var late = await system.SpawnAsync(ProcessPrograms.Mailbox);
        var named = (await table.ListAsync(new ProcessFilter())).Where(process => process.Name == ProcessPrograms.Mailbox).Select(process => process.Pid).ToList();
        Assert.Equal(spawned + 2, named.Count);
        Assert.Equal(late, named[^1]);
        Assert.Equal("ok", await store.WriteAsync(session => Text(session, "PRAGMA integrity_check"), cancellationToken: TestContext.Current.CancellationToken));
        var verified = await system.Grains.GetGrain<IAuditGrain>(0).VerifyAsync();
        Assert.True(verified.IsIntact, verified.Problem);
    }

    /// <summary>As SQLite counts the room of a disk.</summary>
    private static Task<long> LimitPagesAsync(SqliteStore store, long pages) => store.WriteAsync(
        session => Number(session, string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}")));

    private static long Number(SqliteSession session, string sql)
    {
        using var row = session.Statement(sql);
        return row.Step() ? row.Number(0) : throw new InvalidOperationException($"'{sql}' says nothing.");
    }

    private static string Text(SqliteSession session, string sql)
    {
        using var row = session.Statement(sql);
        return row.Step() ? row.Text(0) : "";
    }

    /// <summary>Calls until there is no room for it: the pages that there are may have some left.</summary>
    /// <returns>How many calls found room.</returns>
    private static async Task<int> RefusedAsync(Func<Task> call)
    {
        const int Most = 1_000;
        for (var done = 0; done < Most; done++)
        {
            try
            {
                await call();
            }
            catch (LlmosException full)
            {
                AssertFull(full);
                return done;
            }
        }

        throw new InvalidOperationException($"{Most} calls found room where there was none.");
    }

    private static void AssertFull(LlmosException full)
    {
        Assert.Equal(LlmosErrorCode.ResourceExhausted, full.Code);
        Assert.Contains("llmos.db", full.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", full.Message, StringComparison.Ordinal);
    }

    private static async Task WatchAsync(IProcessGrain process)
    {
        await foreach (var _ in process.WatchAsync(0, CancellationToken.None))
        {
            // Until it ends, or is out of reach.
        }
    }
}
