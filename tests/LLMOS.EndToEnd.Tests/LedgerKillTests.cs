using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.Tests;

/// <summary>A silo is killed with -9 again and again while a tree of processes spends; the books are right each time it is back.</summary>
public sealed class LedgerKillTests(ITestOutputHelper output)
{
    private const int Lives = 4;
    private const long Limit = 1_500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task No_token_is_lost_or_spent_twice_whenever_the_silo_is_killed()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        var silo = new SiloProcess(folder.Path);
        long[] pids = [];
        var answered = new Dictionary<long, long>();
        for (var life = 0; life < Lives; life++)
        {
            using var child = await silo.StartAsync();
            await using var application = await silo.ConnectAsync();
            var llmos = application.Client;
            if (pids.Length == 0)
            {
                pids = await SpawnTreeAsync(llmos);
            }

            await BalanceAsync(llmos, pids, $"seed {seed}, life {life}");
            foreach (var pid in pids)
            {
                var process = await llmos.GetProcessAsync(pid);
                Assert.True(process.Turns >= answered.GetValueOrDefault(pid), $"seed {seed}: {pid} answered {answered.GetValueOrDefault(pid)} requests and has {process.Turns} turns");
            }

            await SpendUntilKilledAsync(llmos, child, pids, answered, random.Next(5, 400));
        }

        using var last = await silo.StartAsync();
        await using var end = await silo.ConnectAsync();
        var client = end.Client;
        foreach (var pid in pids)
        {
            Assert.NotEmpty((await client.AskAsync(pid, "And once more.", cancellationToken: TestContext.Current.CancellationToken)).Payload);
        }

        await BalanceAsync(client, pids, $"seed {seed}, the end");
    }

    private static async Task<long[]> SpawnTreeAsync(LlmosClient llmos)
    {
        await llmos.SetAccountLimitAsync("alice", ResourceLimit.Tokens, Limit);
        await llmos.SetAccountLimitAsync("alice", ResourceLimit.Slice, 5);
        var parent = await llmos.SpawnAsync(Agent("parent") with { Account = "alice/web" });
        var child = await llmos.SpawnAsync(Agent("child") with { ParentPid = parent.Pid });
        var grandchild = await llmos.SpawnAsync(Agent("grandchild") with { ParentPid = child.Pid });
        var other = await llmos.SpawnAsync(Agent("other") with { Account = "alice" });
        return [parent.Pid, child.Pid, grandchild.Pid, other.Pid];
    }

    // The moment of the kill is the n-th piece of text that is seen: in a turn, at its end, or between two.
    private static async Task SpendUntilKilledAsync(LlmosClient llmos, ChildProcess silo, long[] pids, Dictionary<long, long> answered, int pieces)
    {
        var seen = 0;
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var spenders = pids.Select(async pid =>
        {
            for (var turn = 0; !stop.IsCancellationRequested; turn++)
            {
                await foreach (var shown in llmos.AskStreamingAsync(pid, $"Question {turn}.", stop.Token))
                {
                    if (shown.Kind == ProcessOutputKind.Text && Interlocked.Increment(ref seen) == pieces)
                    {
                        killed.TrySetResult();
                    }
                }

                lock (answered)
                {
                    answered[pid] = answered.GetValueOrDefault(pid) + 1;
                }
            }
        }).ToList();
        await Task.WhenAny(killed.Task, Task.WhenAll(spenders)).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await silo.KillAsync();
        await stop.CancelAsync();

        // Each fails with its silo, in whichever way the call that it was in does, a response that is waited for in vain
        // among them; what must not be is that one hangs.
        var ended = Task.WhenAll(spenders);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await Task.WhenAny(ended, Task.Delay(Patience, patience.Token));
        await patience.CancelAsync();
        Assert.True(ended.IsCompleted, $"after {Patience} some still wait for a silo that is gone");
    }

    /// <summary>Waits until nothing is under way, and holds each account against the meters of all below it.</summary>
    private static async Task BalanceAsync(LlmosClient llmos, long[] pids, string when)
    {
        string[] accounts = ["alice", "alice/web", AccountKey.OfProcess(pids[0]), AccountKey.OfProcess(pids[1])];
        long[][] below = [[0, 1, 2, 3], [0, 1, 2], [0, 1, 2], [1, 2]];
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var statements = new List<AccountStatement>();
            foreach (var account in accounts)
            {
                statements.Add(await llmos.Grains.GetGrain<IAccountGrain>(account).GetStatementAsync());
            }

            var alice = statements[0];
            Assert.True(alice.Budget.Consumed + alice.Leased <= Limit, $"{when}: alice has spent {alice.Budget.Consumed} of {Limit} and holds {alice.Leased}");
            var meters = new List<long>();
            foreach (var pid in pids)
            {
                meters.Add((await llmos.Grains.GetGrain<IProcessGrain>(pid).ReadMeterAsync()).Reading.Tokens);
            }

            var spent = below.Select(holders => holders.Sum(i => meters[(int)i])).ToList();
            var quiet = statements.All(statement => statement.Leased == 0);
            if (quiet && statements.Select(statement => statement.TotalTokens).SequenceEqual(spent))
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline,
                $"{when}: the accounts say {string.Join(", ", statements.Select(statement => $"{statement.Account} {statement.TotalTokens} (+{statement.Leased})"))} and the meters {string.Join(", ", meters)}");
            await Task.Yield();
        }
    }

    private static ProcessSpec Agent(string name) => new() { Name = name, Role = "You write.", MaxTokensPerTurn = 40, Budget = 100_000 };
}
