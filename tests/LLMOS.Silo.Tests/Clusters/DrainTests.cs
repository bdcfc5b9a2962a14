using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Silo.Tests.Clusters;

/// <summary>Three silos whose processes generate, of which one goes: every request is answered once, by processes that are elsewhere then.</summary>
public sealed class DrainTests
{
    private const int Agents = 12;
    private const int Requests = 2;

    public static TheoryData<double> Graces => [0.2, 60];

    [Theory]
    [MemberData(nameof(Graces))]
    public async Task A_silo_that_is_told_to_stop_lets_its_processes_go_and_no_turn_is_lost(double grace)
    {
        await using var cluster = await KernelCluster.StartAsync(silos: 3, TimeSpan.FromSeconds(grace));
        var (pids, requests, gone) = await LoadAsync(cluster);

        await cluster.StopAsync(gone);

        Assert.True(cluster.Processes[gone].IsDraining);
        Assert.Empty(cluster.Processes[gone].Pids);
        await AssertAnsweredOnceAsync(cluster, pids, requests, gone);
    }

    [Fact]
    public async Task The_processes_of_a_silo_that_dies_go_on_elsewhere()
    {
        await using var cluster = await KernelCluster.StartAsync(silos: 3, TimeSpan.FromSeconds(10));
        var (pids, requests, gone) = await LoadAsync(cluster);

        await cluster.KillAsync(gone);

        await AssertAnsweredOnceAsync(cluster, pids, requests, gone);
    }

    [Fact]
    public async Task A_silo_that_drains_is_given_no_process()
    {
        await using var cluster = await KernelCluster.StartAsync(silos: 2, TimeSpan.FromSeconds(60));
        var busy = await cluster.Table.SpawnAsync(Agent("busy", 0) with { MaxTokensPerTurn = 3_000 });
        var request = await cluster.RequestAsync(busy.Pid, "Go on and on.");
        await Until.TrueAsync(async () => (await cluster.Process(busy.Pid).GetAsync()).State == ProcessState.Thinking);
        var from = cluster.Processes[0].Pids.Contains(busy.Pid) ? 0 : 1;

        // The turn keeps it from being done at once.
        var stopping = cluster.StopAsync(from);
        await Eventually.TrueAsync(() => cluster.Processes[from].IsDraining, "that it drains");
        await Eventually.TrueAsync(() => !cluster.Processes[from].Pids.Contains(WellKnownPids.Console) || stopping.IsCompleted, "that idle processes have left");
        var others = new List<long>();
        for (var i = 0; i < 8; i++)
        {
            others.Add((await cluster.Table.SpawnAsync(Agent($"late-{i}", i) with { Program = ProcessPrograms.Mailbox, Durability = ProcessDurability.Turn })).Pid);
        }

        Assert.DoesNotContain(others, cluster.Processes[from].Pids.Contains);
        await stopping;
        Assert.NotEmpty((await cluster.ResponseAsync(request)).Payload);
    }

    private static ProcessSpec Agent(string name, int number) => new()
    {
        Name = name,
        Role = "You write.",
        MaxTokensPerTurn = 150,
        Budget = 1_000_000,
        BudgetSlice = TimeSpan.FromHours(1),
        Seed = (ulong)number + 1,
        Durability = (ProcessDurability)(number % 2),
    };

    /// <summary>Gives all agents work, and waits until one of those on the silo that has most of them, which is to go, is thinking.</summary>
    private static async Task<(IReadOnlyList<long> Pids, IReadOnlyList<VmpMessage> Requests, int Gone)> LoadAsync(KernelCluster cluster)
    {
        var pids = new List<long>();
        for (var i = 0; i < Agents; i++)
        {
            pids.Add((await cluster.Table.SpawnAsync(Agent($"agent-{i}", i))).Pid);
        }

        var gone = Enumerable.Range(0, cluster.Processes.Count).MaxBy(silo => pids.Count(cluster.Processes[silo].Pids.Contains));
        var requests = new List<VmpMessage>();
        for (var turn = 0; turn < Requests; turn++)
        {
            foreach (var pid in pids)
            {
                requests.Add(await cluster.RequestAsync(pid, $"Question {turn}."));
            }
        }

        await Until.TrueAsync(async () =>
        {
            var there = await Task.WhenAll(pids.Where(cluster.Processes[gone].Pids.Contains).Select(pid => cluster.Process(pid).GetAsync()));
            return there.Any(process => process.State == ProcessState.Thinking);
        });
        return (pids, requests, gone);
    }

    private static async Task AssertAnsweredOnceAsync(KernelCluster cluster, IReadOnlyList<long> pids, IReadOnlyList<VmpMessage> requests, int gone)
    {
        var responses = new List<VmpMessage>();
        foreach (var request in requests)
        {
            responses.Add(await cluster.ResponseAsync(request));
        }

        Assert.All(responses, response => Assert.DoesNotContain(VmpHeaders.ErrorName, response.Headers.Keys));
        Assert.Equal(requests.Select(request => request.To), responses.Select(response => response.From));
        foreach (var pid in pids)
        {
            var process = await cluster.Process(pid).GetAsync();
            Assert.Equal((Requests, 150L * Requests), (process.Turns, process.CompletionTokens));
            Assert.True(process.Budget.Consumed >= process.PromptTokens + process.CompletionTokens, $"{process.Budget.Consumed} tokens are charged");
            var said = (await cluster.Grains.GetGrain<IContextRegionGrain>(process.Context.Region).ReadAsync()).Where(entry => entry.Pid == pid);
            Assert.Equal(responses.Where(response => response.From == pid).Select(response => response.Payload).Order(), said.Select(entry => entry.Text).Order());
        }

        var left = cluster.Processes.Where((_, silo) => silo != gone).SelectMany(processes => processes.Pids).ToHashSet();
        Assert.Subset(left, pids.ToHashSet());
    }
}
