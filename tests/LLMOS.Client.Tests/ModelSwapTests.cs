using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Client.Tests;

/// <summary>A process is given another model while it lives, on a silo with a store and real models with tokens of their own: "a" of random weights, "b" a trained one.</summary>
public sealed class ModelSwapTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-swap-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task The_next_turn_runs_on_the_new_model_with_the_context_that_was_there()
    {
        await using var host = await StartAsync();
        var client = ClientOf(host);
        var pid = await SpawnAsync(client, turn: 24);
        var first = await client.AskAsync(pid, "Tell me of the sea.", Limit, Cancelled);
        Assert.Equal("a", (await client.GetProcessAsync(pid)).Model);
        Assert.True(await KvUsedAsync(host, "a") > 0);

        var swapped = await client.SwapModelAsync(pid, "b");
        var second = await client.AskAsync(pid, "And of the land.", Limit, Cancelled);

        Assert.Equal("b", swapped.Model);
        var process = await client.GetProcessAsync(pid);
        Assert.Equal(("b", 2L), (process.Model, process.Turns));
        await UntilNoKvAsync(host, "a");
        Assert.True(await KvUsedAsync(host, "b") > 0);
        var entries = await client.ReadRegionAsync(swapped.Context.Region);
        Assert.Equal(["Tell me of the sea.", first.Payload, "And of the land.", second.Payload], entries.Select(entry => entry.Text));
    }

    [Fact]
    public async Task A_turn_under_way_is_finished_on_the_model_it_was_begun_with()
    {
        await using var host = await StartAsync();
        var client = ClientOf(host);
        var pid = await SpawnAsync(client, turn: 1500);
        var kinds = new List<ProcessOutputKind>();
        await foreach (var output in client.AskStreamingAsync(pid, "A long story.", Cancelled))
        {
            if (kinds.Count(kind => kind == ProcessOutputKind.Text) == 1)
            {
                Assert.Equal("b", (await client.SwapModelAsync(pid, "b")).Model);
                Assert.Equal(0, (await client.GetProcessAsync(pid)).Turns);
            }

            kinds.Add(output.Kind);
        }

        Assert.DoesNotContain(ProcessOutputKind.TurnRestarted, kinds);
        Assert.Equal(0, await KvUsedAsync(host, "b"));
        await UntilNoKvAsync(host, "a");
        var process = await client.GetProcessAsync(pid);
        Assert.Equal(("b", 1L), (process.Model, process.Turns));
        await client.AskAsync(pid, "Go on.", Limit, Cancelled);
        Assert.True(await KvUsedAsync(host, "b") > 0);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_with_what_there_is_and_nothing_changes()
    {
        await using var host = await StartAsync();
        var client = ClientOf(host);
        var pid = await SpawnAsync(client, turn: 16);
        await client.AskAsync(pid, "Hello.", Limit, Cancelled);
        var before = await client.GetProcessAsync(pid);

        var exception = await Assert.ThrowsAsync<LlmosException>(() => client.SwapModelAsync(pid, "parrot"));

        Assert.Equal(LlmosErrorCode.NotFound, exception.Code);
        Assert.Contains("No model is called 'parrot'", exception.Message, StringComparison.Ordinal);
        Assert.Matches("There is .*a, b", exception.Message);
        var after = await client.GetProcessAsync(pid);
        Assert.Equal((before.Model, before.Context), (after.Model, after.Context));
        Assert.True(await KvUsedAsync(host, "a") > 0);
        await client.AskAsync(pid, "Are you still there?", Limit, Cancelled);
        await Assert.ThrowsAsync<LlmosException>(() => client.SwapModelAsync(pid, " "));
        var system = await Assert.ThrowsAsync<LlmosException>(() => client.SwapModelAsync(WellKnownPids.Console, "b"));
        Assert.Contains("part of the system", system.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_new_model_survives_a_restart()
    {
        long pid;
        await using (var host = await StartAsync())
        {
            pid = await SpawnAsync(ClientOf(host), turn: 16);
            await ClientOf(host).AskAsync(pid, "Hello.", Limit, Cancelled);
            await ClientOf(host).SwapModelAsync(pid, "b");
            await host.StopAsync(Cancelled);
        }

        await using var again = await StartAsync();
        Assert.Equal("b", (await ClientOf(again).GetProcessAsync(pid)).Model);
        await ClientOf(again).AskAsync(pid, "Hello again.", Limit, Cancelled);
        Assert.True(await KvUsedAsync(again, "b") > 0);
    }

    private static LlmosClient ClientOf(LlmosHost host) => host.Services.GetRequiredService<LlmosClient>();

    private async Task<LlmosHost> StartAsync()
    {
        var options = new LlmosSiloOptions { Data = _data.FullName };
        options.Models.Local["a"] = Path.Combine(AppContext.BaseDirectory, "models", "random-tiny.gguf");
        options.Models.Local["b"] = Path.Combine(AppContext.BaseDirectory, "models", "nano.gguf");
        options.Models.Default = "a";
        options.Models.ContextCells = 4096;
        options.Models.Threads = 1;
        var builder = LlmosHost.CreateBuilder(options);
        builder.Services.AddLlmosClient();
        var host = builder.Build();
        await host.StartAsync(Cancelled);
        await ClientOf(host).BootAsync(cancellationToken: Cancelled).ToListAsync(Cancelled);
        return host;
    }

    private static async Task<long> SpawnAsync(LlmosClient client, int turn) => (await client.SpawnAsync(
        new ProcessSpec { Name = "teller", Role = "You tell stories.", Model = "a", Budget = 1_000_000, MaxTokensPerTurn = turn, Temperature = 0, Seed = 1 })).Pid;

    private static async Task<int> KvUsedAsync(LlmosHost host, string model) => (await host.Grains.GetGrain<IInferenceGrain>($"{model}/0").GetLoadAsync()).KvUsed;

    private static async Task UntilNoKvAsync(LlmosHost host, string model)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (await KvUsedAsync(host, model) > 0)
        {
            await look.WaitForNextTickAsync(limit.Token);
        }
    }
}
