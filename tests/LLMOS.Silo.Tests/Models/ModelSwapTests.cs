using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo.Models;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Silo.Tests.Models;

/// <summary>A process is given another model while it lives, on a silo with a store and real models.</summary>
public sealed class ModelSwapTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    // Shorter than a cluster waits for a response.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task The_next_turn_runs_on_the_new_model_with_the_context_that_was_there()
    {
        using var models = ForgedModels.Of("a", "b");
        using var data = new TempFolder();
        await using var host = await StartAsync(models, data);
        var process = await SpawnAsync(host, turn: 24);
        var first = await AskAsync(host, process, "Tell me of the sea.");
        Assert.Equal("a", (await process.GetAsync()).Model);
        Assert.True(await KvUsedAsync(host, "a") > 0);

        var swapped = await process.SwapModelAsync("b");
        var second = await AskAsync(host, process, "And of the land.");

        Assert.Equal("b", swapped.Model);
        Assert.Equal("b", (await process.GetAsync()).Model);
        await Until.TrueAsync(async () => await KvUsedAsync(host, "a") == 0);
        Assert.True(await KvUsedAsync(host, "b") > 0);
        var entries = await host.Grains.GetGrain<IContextRegionGrain>(swapped.Context.Region).ReadAsync();
        Assert.Equal(["Tell me of the sea.", first, "And of the land.", second], entries.Select(entry => entry.Text));
    }

    [Fact]
    public async Task A_turn_under_way_is_finished_on_the_model_it_was_begun_with()
    {
        using var models = ForgedModels.Of("a", "b");
        using var data = new TempFolder();
        await using var host = await StartAsync(models, data);
        var process = await SpawnAsync(host, turn: 1900);
        var answer = AskAsync(host, process, "A long story.");
        await using var outputs = process.WatchAsync(0, CancellationToken.None).GetAsyncEnumerator();
        await NextAsync(outputs, ProcessOutputKind.Text);

        await process.SwapModelAsync("b");
        var kinds = await NextAsync(outputs, ProcessOutputKind.TurnCommitted);

        Assert.Contains(ProcessOutputKind.StateChanged, kinds);
        Assert.DoesNotContain(ProcessOutputKind.TurnRestarted, kinds);
        Assert.NotEmpty(await answer);
        Assert.Equal(0, await KvUsedAsync(host, "b"));
        await Until.TrueAsync(async () => await KvUsedAsync(host, "a") == 0);
        Assert.Equal(("b", 1L), ((await process.GetAsync()).Model, (await process.GetAsync()).Turns));
        await AskAsync(host, process, "Go on.");
        Assert.True(await KvUsedAsync(host, "b") > 0);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_with_what_there_is_and_nothing_changes()
    {
        using var models = ForgedModels.Of("a", "b");
        using var data = new TempFolder();
        await using var host = await StartAsync(models, data);
        var process = await SpawnAsync(host, turn: 16);
        await AskAsync(host, process, "Hello.");
        var before = await process.GetAsync();

        var exception = await Assert.ThrowsAsync<LlmosException>(() => process.SwapModelAsync("parrot"));

        Assert.Equal(LlmosErrorCode.NotFound, exception.Code);
        Assert.Contains("No model is called 'parrot'", exception.Message, StringComparison.Ordinal);
        Assert.Matches("There is .*a, b", exception.Message);
        Assert.Equal((before.Model, before.Context), ((await process.GetAsync()).Model, (await process.GetAsync()).Context));
        Assert.True(await KvUsedAsync(host, "a") > 0);
        await AskAsync(host, process, "Are you still there?");
        await Assert.ThrowsAsync<LlmosException>(() => process.SwapModelAsync(" "));
        var mailbox = host.Grains.GetGrain<IProcessGrain>(WellKnownPids.Console);
        Assert.Contains("part of the system", (await Assert.ThrowsAsync<LlmosException>(() => mailbox.SwapModelAsync("b"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_new_model_survives_a_restart()
    {
        using var models = ForgedModels.Of("a", "b");
        using var data = new TempFolder();
        long pid;
        await using (var host = await StartAsync(models, data))
        {
            var process = await SpawnAsync(host, turn: 16);
            await AskAsync(host, process, "Hello.");
            pid = (await process.SwapModelAsync("b")).Pid;
            await host.StopAsync();
        }

        await using var again = await StartAsync(models, data);
        var restored = again.Grains.GetGrain<IProcessGrain>(pid);
        Assert.Equal("b", (await restored.GetAsync()).Model);
        await AskAsync(again, restored, "Hello again.");
        Assert.True(await KvUsedAsync(again, "b") > 0);
        Assert.Equal(["b"], again.Services.GetRequiredService<ModelHost>().Report().Devices.Single().Models.Select(model => model.Name));
    }

    private static async Task<LlmosHost> StartAsync(ForgedModels models, TempFolder data)
    {
        var options = new LlmosSiloOptions { Data = data.Path };
        models.Configure(options.Models);
        var host = LlmosHost.CreateBuilder(options).Build();
        await host.StartAsync();
        await host.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest { LoadModel = false }, CancellationToken.None).ToListAsync();
        return host;
    }

    private static async Task<IProcessGrain> SpawnAsync(LlmosHost host, int turn)
    {
        var process = await host.Grains.GetGrain<IProcessTableGrain>(0).SpawnAsync(
            new ProcessSpec { Name = "teller", Role = "You tell stories.", Model = "a", Budget = 1_000_000, MaxTokensPerTurn = turn, Temperature = 0, Seed = 1 });
        return host.Grains.GetGrain<IProcessGrain>(process.Pid);
    }

    private static async Task<string> AskAsync(LlmosHost host, IProcessGrain process, string text)
    {
        var console = host.Grains.GetGrain<IProcessGrain>(WellKnownPids.Console);
        var sent = await console.SendAsync(new OutgoingMessage { To = process.GetPrimaryKeyLong(), Payload = text, CorrelationId = Guid.NewGuid().ToString("N") });
        var filter = new MessageFilter { From = sent.To, CorrelationId = sent.CorrelationId, MessageType = VmpMessageType.Response };
        VmpMessage? answer = null;
        using var limit = new CancellationTokenSource(Limit);
        while ((answer ??= await console.PeekAsync(filter, Slice, CancellationToken.None)) is null)
        {
            Assert.False(limit.IsCancellationRequested, $"No answer: {await process.GetAsync()}");
        }

        Assert.False(answer!.Headers.ContainsKey(VmpHeaders.ErrorName), answer.Payload);
        await console.ConsumeAsync(answer.MessageId);
        return answer.Payload;
    }

    private static async Task<int> KvUsedAsync(LlmosHost host, string model) => (await host.Grains.GetGrain<IInferenceGrain>($"{model}/0").GetLoadAsync()).KvUsed;

    /// <summary>The kinds of what a process shows, up to one of a kind.</summary>
    private static async Task<List<ProcessOutputKind>> NextAsync(IAsyncEnumerator<ProcessOutput> outputs, ProcessOutputKind wanted)
    {
        var kinds = new List<ProcessOutputKind>();
        while (await outputs.MoveNextAsync())
        {
            kinds.Add(outputs.Current.Kind);
            if (outputs.Current.Kind == wanted)
            {
                return kinds;
            }
        }

        Assert.Fail($"The process ended before it showed a {wanted}.");
        return kinds;
    }
}
