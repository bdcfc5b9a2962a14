using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Silo.Models;
using LLMOS.Silo.Tests.Placement;
using Microsoft.Extensions.Logging.Abstractions;
using ModelForge;

namespace LLMOS.Silo.Tests.Models;

/// <summary>More models than a device has memory for, on real silos with real models.</summary>
public sealed class ModelResidencyTests
{
    [Fact]
    public async Task The_least_recently_used_model_makes_room_and_comes_back_when_it_is_asked()
    {
        using var models = ForgedModels.Of("a", "b", "c");
        await using var cluster = await StartAsync(models, room: 2);

        await AnswerAsync(cluster, "a");
        await AnswerAsync(cluster, "b");
        await AnswerAsync(cluster, "a");
        Assert.Equal(["a", "b"], Resident(cluster));
        await AnswerAsync(cluster, "c");
        Assert.Equal(["a", "c"], Resident(cluster));

        // The replica of b is still there, and its next request has the model loaded again.
        await AnswerAsync(cluster, "b");
        Assert.Equal(["b", "c"], Resident(cluster));
        var device = cluster.Service<ModelHost>(0).Report().Devices.Single();
        Assert.InRange(device.MemoryFree, 1, device.MemoryTotal / 3);
    }

    [Fact]
    public async Task A_model_that_works_is_never_unloaded_and_the_refusal_names_what_holds_the_memory()
    {
        using var models = ForgedModels.Of("a", "b", "c");
        await using var cluster = await StartAsync(models, room: 2);
        var streams = new List<IAsyncEnumerator<InferenceChunk>> { await StreamAsync(cluster, "a"), await StreamAsync(cluster, "b") };

        var refused = await cluster.Replica(0, "c").AdmitAsync();

        Assert.False(refused.Accepted);
        Assert.Matches(@"'c' needs .* this silo has too little free: gpu [\d.]+ .iB, where 'a' holds [\d.]+ MiB for 1 request and 'b' holds [\d.]+ MiB for 1 request\.", refused.Reason);
        foreach (var stream in streams)
        {
            Assert.True(await stream.MoveNextAsync());
        }

        await streams[1].DisposeAsync();
        await Until.TrueAsync(async () => (await cluster.Replica(0, "c").AdmitAsync()).Accepted);
        Assert.Equal(["a", "c"], Resident(cluster));
        Assert.True(await streams[0].MoveNextAsync());
        await streams[0].DisposeAsync();
    }

    [Fact]
    public async Task A_request_for_a_model_that_had_to_leave_waits_for_one_that_works()
    {
        using var models = ForgedModels.Of("a", "b");
        await using var cluster = await StartAsync(models, room: 1);
        await AnswerAsync(cluster, "b");
        await AnswerAsync(cluster, "a");
        var stream = await StreamAsync(cluster, "a");

        var waiting = AnswerAsync(cluster, "b");
        Assert.True(await stream.MoveNextAsync());
        Assert.False(waiting.IsCompleted);
        await stream.DisposeAsync();

        Assert.NotEmpty(await waiting);
        Assert.Equal(["b"], Resident(cluster));
    }

    [Fact]
    public async Task A_request_that_waited_too_long_for_room_is_told_what_holds_it()
    {
        using var models = ForgedModels.Of("a", "b");
        await using var cluster = await StartAsync(models, room: 1, options => options.WaitForRoom = TimeSpan.FromMilliseconds(200));
        await AnswerAsync(cluster, "b");
        await AnswerAsync(cluster, "a");
        var stream = await StreamAsync(cluster, "a");

        var exception = await Assert.ThrowsAsync<LlmosException>(() => AnswerAsync(cluster, "b"));

        Assert.Equal(LlmosErrorCode.ResourceExhausted, exception.Code);
        Assert.Contains("'a' holds", exception.Message, StringComparison.Ordinal);
        await stream.DisposeAsync();
        await Until.TrueAsync(async () => await Record.ExceptionAsync(() => AnswerAsync(cluster, "b")) is null);
    }

    [Fact]
    public async Task What_an_urgent_process_used_last_goes_after_what_others_used()
    {
        using var models = ForgedModels.Of("a", "b", "c");
        await using var cluster = await StartAsync(models, room: 2);

        await AnswerAsync(cluster, "a", priority: ProcessPriority.Of(PriorityClass.High));
        await AnswerAsync(cluster, "b", priority: ProcessPriority.Of(PriorityClass.Low));
        await AnswerAsync(cluster, "c");

        Assert.Equal(["a", "c"], Resident(cluster));
    }

    [Fact]
    public async Task A_model_goes_when_its_time_is_over_and_for_0_at_once()
    {
        using var models = ForgedModels.Of("a", "b", "c");
        await using var cluster = await StartAsync(models, room: 3, options =>
        {
            options.KeepAlive = TimeSpan.FromSeconds(2);
            options.KeepAlives["a"] = KeepAlive.Forever;
        });

        await AnswerAsync(cluster, "a");
        await AnswerAsync(cluster, "b");
        await AnswerAsync(cluster, "c", keepAlive: TimeSpan.Zero);
        await Eventually.TrueAsync(() => !Resident(cluster).Contains("c"), "that c left at once");
        await Eventually.TrueAsync(() => !Resident(cluster).Contains("b"), "that b left after its time");
        Assert.Equal(["a"], Resident(cluster));

        // A request may say otherwise than the configuration.
        await AnswerAsync(cluster, "a", keepAlive: TimeSpan.FromSeconds(1));
        await AnswerAsync(cluster, "b", keepAlive: KeepAlive.Forever);
        await Eventually.TrueAsync(() => Resident(cluster) is ["b"], "that a left, and b stays");
    }

    [Fact]
    public async Task Many_that_ask_for_a_model_that_left_have_it_loaded_once()
    {
        using var models = ForgedModels.Of("a", "b");
        await using var cluster = await StartAsync(models, room: 1);
        var options = new SiloModelOptions();
        models.Configure(options);
        var backend = new CountingBackend(new LlamaModelBackend(options, new SiloEngines(), TimeProvider.System));
        await using var host = new ModelHost(
            new DeviceInventory(models.RoomFor(1), new LlamaDeviceProbe()),
            new ModelRegistry(options, backend),
            backend,
            new RemoteEngineFactory(_ => null, TimeProvider.System),
            cluster.Service<IDeviceMap>(0),
            cluster.Service<ILocalSiloDetails>(0),
            options,
            TimeProvider.System,
            NullLogger<ModelHost>.Instance);
        await host.AdmitAsync("a", 0, CancellationToken.None);
        await host.AdmitAsync("b", 0, CancellationToken.None);
        Assert.Equal(2, backend.Loads);

        var engine = host.GetEngine("a", 0);
        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () => (await engine.CountTokensAsync(["hello"], CancellationToken.None))[0])));

        Assert.Single(counts.Distinct());
        Assert.Equal(3, backend.Loads);
    }

    [Fact]
    public async Task Adapters_are_named_in_requests_and_give_what_a_merged_model_gives()
    {
        using var models = new ForgedModels();
        var lora = new LoraOptions { Seed = 5, Rank = 4 };
        models.Add("base", seed: 1);
        models.Add("merged", new RandomModelOptions { Merged = [new MergedLora(new RandomLora(ForgedModels.Shape, lora), 0.5f)] }, seed: 1);
        await using var cluster = await StartAsync(models, room: 2, options =>
        {
            options.Adapters["pirate"] = new AdapterOptions { Path = models.AddAdapter("pirate", lora), Base = "base" };
            options.Adapters["other"] = new AdapterOptions { Path = models.AddAdapter("other", new LoraOptions { Seed = 6 }, ForgedModels.Shape with { Width = 128 }) };
            options.Adapters["elsewhere"] = new AdapterOptions { Path = models.AddAdapter("elsewhere", new LoraOptions { Seed = 7 }), Base = "merged" };
        });

        var with = await AnswerAsync(cluster, "base", adapters: [new AdapterSelection("pirate", 0.5f)]);
        Assert.Equal(await AnswerAsync(cluster, "merged"), with);
        Assert.NotEqual(await AnswerAsync(cluster, "base"), with);

        await RefusedAsync(LlmosErrorCode.NotFound, new AdapterSelection("parrot"), "No adapter is called 'parrot'", "elsewhere, other, pirate");
        await RefusedAsync(LlmosErrorCode.FailedPrecondition, new AdapterSelection("elsewhere"), "is for the model 'merged'");
        await RefusedAsync(LlmosErrorCode.FailedPrecondition, new AdapterSelection("other"), "use an adapter of this model");
        await RefusedAsync(LlmosErrorCode.InvalidArgument, new AdapterSelection("pirate", float.NaN), "scale of the adapter 'pirate'");

        async Task RefusedAsync(LlmosErrorCode code, AdapterSelection adapter, params string[] parts)
        {
            var exception = await Assert.ThrowsAsync<LlmosException>(() => AnswerAsync(cluster, "base", adapters: [adapter]));
            Assert.Equal(code, exception.Code);
            Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("300", 300)]
    [InlineData("5m", 300)]
    [InlineData("1.5h", 5400)]
    [InlineData("90s", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("0", 0)]
    public void Times_are_read_as_ollama_writes_them(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), KeepAlive.Parse("x", text));

    [Theory]
    [InlineData("-1")]
    [InlineData("-5m")]
    public void A_negative_time_is_for_ever(string text) => Assert.Equal(KeepAlive.Forever, KeepAlive.Parse("x", text));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("5d")]
    [InlineData("NaN")]
    [InlineData("m")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Contains($"Models:KeepAlive is '{text}', which is no time", Assert.Throws<LlmosException>(() => KeepAlive.Parse("Models:KeepAlive", text)).Message, StringComparison.Ordinal);

    private static Task<SiloCluster> StartAsync(ForgedModels models, int room, Action<SiloModelOptions>? configure = null) => SiloCluster.StartAsync(
        options =>
        {
            models.Configure(options.Models);
            configure?.Invoke(options.Models);
        },
        models.RoomFor(room));

    private static string[] Resident(SiloCluster cluster) =>
        [.. cluster.Service<ModelHost>(0).Report().Devices.Single().Models.Select(model => model.Name).Order(StringComparer.Ordinal)];

    private static InferenceRequest Request(int tokens, ProcessPriority? priority = null, TimeSpan? keepAlive = null, AdapterSelection[]? adapters = null) => new()
    {
        Pid = 1,
        MaxTokens = tokens,
        Messages = [new PromptMessage(PromptRole.User, "Tell me of the sea.")],
        Priority = priority ?? ProcessPriority.Default,
        Sampling = new SamplingOptions { Temperature = 0, IgnoreEndOfSequence = true },
        KeepAlive = keepAlive,
        Adapters = [.. adapters ?? []],
    };

    private static async Task<string> AnswerAsync(SiloCluster cluster, string model, ProcessPriority? priority = null, TimeSpan? keepAlive = null, AdapterSelection[]? adapters = null)
    {
        var text = "";
        await foreach (var chunk in cluster.Replica(0, model).GenerateAsync(Request(16, priority, keepAlive, adapters), CancellationToken.None))
        {
            text += chunk.Text;
        }

        return text;
    }

    /// <summary>An answer that goes on until its reader leaves.</summary>
    private static async Task<IAsyncEnumerator<InferenceChunk>> StreamAsync(SiloCluster cluster, string model)
    {
        var stream = cluster.Replica(0, model).GenerateAsync(Request(1500), CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await stream.MoveNextAsync());
        return stream;
    }
}
