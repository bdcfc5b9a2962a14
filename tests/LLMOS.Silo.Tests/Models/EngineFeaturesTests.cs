using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Telemetry;
using LLMOS.Silo.Models;
using LLMOS.Silo.Tests.Placement;
using LLMOS.SystemInterface.Activity;

namespace LLMOS.Silo.Tests.Models;

/// <summary>What an inference grain carries to its engine beside the prompt, on real models of random weights.</summary>
public sealed class EngineFeaturesTests
{
    private const string LongPrompt =
        "The tide comes in twice a day and goes out twice a day, and who lives by the sea learns its hours before any other clock, because boats, nets and walks on the sand all go by it.";

    private const string WeatherSchema = """
        {"type":"object","properties":{"city":{"enum":["Bern","Oslo"]},"unit":{"$ref":"#/$defs/unit"}},"required":["city","unit"],"$defs":{"unit":{"enum":["C","F"]}}}
        """;

    private static readonly ToolDeclaration Weather = new("get_weather", "Tells the weather.", WeatherSchema);
    private static readonly ToolDeclaration Clock = new("get_time", "Tells the time.", "");

    [Fact]
    public async Task Kv_is_shared_within_a_domain_and_beyond_it_only_with_those_who_may_read_it()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        var first = (await GenerateAsync(replica, Request(1) with { Domain = "a" })).Usage;

        Assert.Equal(0, first.CachedTokens);
        Assert.Equal(0, (await replica.EstimateAsync(Request(2))).CachedTokens);
        Assert.Equal(0, (await replica.EstimateAsync(Request(2) with { Domain = "b" })).CachedTokens);
        Assert.InRange((await replica.EstimateAsync(Request(2) with { Domain = "a" })).CachedTokens, 32, first.PromptTokens);

        Assert.Equal(0, (await GenerateAsync(replica, Request(3))).Usage.CachedTokens);
        Assert.Equal(0, (await GenerateAsync(replica, Request(4) with { Domain = "b" })).Usage.CachedTokens);
        Assert.InRange((await GenerateAsync(replica, Request(5) with { Domain = "c", ReadableDomains = ["a"] })).Usage.CachedTokens, 32, first.PromptTokens);
        Assert.InRange((await GenerateAsync(replica, Request(6) with { Domain = "a" })).Usage.CachedTokens, 32, first.PromptTokens);
    }

    [Fact]
    public async Task A_fork_goes_on_from_its_parents_kv_and_what_is_not_there_is_no_error()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        Assert.Equal(0, await replica.ForkAsync(1, 2));
        var (text, usage) = await GenerateAsync(replica, Request(1));

        var shared = await replica.ForkAsync(1, 2);
        var request = Request(2) with
        {
            Messages = [.. Request(2).Messages, new PromptMessage(PromptRole.Assistant, text), new PromptMessage(PromptRole.User, "And then?")],
        };
        var child = (await GenerateAsync(replica, request)).Usage;

        Assert.InRange(shared, usage.PromptTokens, usage.PromptTokens + usage.CompletionTokens);
        Assert.InRange(child.CachedTokens, usage.PromptTokens - 1, shared);
        Assert.Equal(0, await replica.ForkAsync(1, 2));
    }

    [Fact]
    public async Task What_a_process_held_is_free_again_when_its_domain_ends_with_it()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        await GenerateAsync(replica, Request(1) with { Domain = "a" });
        await GenerateAsync(replica, Request(2, "Something else. " + LongPrompt) with { Domain = "b" });
        var described = await replica.DescribeAsync([1, 2, 3]);
        Assert.Equal([1L, 2L], described.Select(usage => usage.Pid));
        Assert.All(described, usage => Assert.Equal(KvResidency.Resident, usage.Residency));
        Assert.All(described, usage => Assert.True(usage.Cells > 32 && usage.ComputedTokens > 32));

        await replica.ReleaseAsync(1);
        await replica.ReleaseAsync(2, "b");

        // Without the end of its domain what the first had is kept for others of it.
        var engine = cluster.Service<ModelHost>(0).GetEngine("default", 0);
        await Eventually.TrueAsync(() => engine.Load.KvUsed == described[0].Cells, "that the second's cells are free");
        Assert.InRange((await replica.EstimateAsync(Request(3) with { Domain = "a" })).CachedTokens, 32, described[0].Cells);
        await replica.ReleaseAsync(1, "a");
        await Eventually.TrueAsync(() => engine.Load.KvUsed == 0, "that all cells are free");
        Assert.Empty(await replica.DescribeAsync([1, 2]));
    }

    [Fact]
    public async Task A_process_that_gives_its_place_up_is_swapped_and_comes_back_and_what_a_killed_silo_spilled_is_gone()
    {
        using var spill = new TempFolder();
        var left = Directory.CreateDirectory(spill.File("kv-left"));
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "owner.lock"), "");
        await File.WriteAllTextAsync(Path.Combine(left.FullName, "1.kv"), "what was left");
        await using var cluster = await SiloCluster.StartAsync(
            options =>
            {
                options.Models.ContextCells = 512;
                options.Models.HostCells = 0;
                options.Models.DiskCells = 1024;
                options.Models.SpillFolder = spill.Path;
            },
            SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        var words = new StringBuilder(LongPrompt);
        while ((await replica.EstimateAsync(Request(1, words.ToString()))).PromptTokens < 300)
        {
            words.Append(" The sea is wide.");
        }

        Assert.False(left.Exists && Directory.Exists(left.FullName), "What a killed silo left is still there.");
        await GenerateAsync(replica, Request(1, words.ToString()));
        await GenerateAsync(replica, Request(2, "Another. " + words));
        var swapped = Assert.Single(await replica.DescribeAsync([1]));
        Assert.Equal((KvResidency.Swapped, 1L, 0L), (swapped.Residency, swapped.SwapsOut, swapped.SwapsIn));
        Assert.NotEmpty(Directory.GetFiles(spill.Path, "*.kv", SearchOption.AllDirectories));

        var estimate = await replica.EstimateAsync(Request(1, words.ToString()));
        Assert.InRange(estimate.Cost, 0, 1);
        await GenerateAsync(replica, Request(1, words.ToString()));
        Assert.Equal(KvResidency.Resident, Assert.Single(await replica.DescribeAsync([1])).Residency);
    }

    [Fact]
    public async Task An_answer_fits_its_json_schema()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var request = Request(1) with { Sampling = new SamplingOptions { Seed = 3, JsonSchema = WeatherSchema }, MaxTokens = 100 };
        var (text, usage) = await GenerateAsync(cluster.Replica(0), request);

        Assert.Equal(FinishReason.Stop, usage.FinishReason);
        using var answer = JsonDocument.Parse(text);
        Assert.Contains(answer.RootElement.GetProperty("city").GetString(), (string[])["Bern", "Oslo"]);
        Assert.Contains(answer.RootElement.GetProperty("unit").GetString(), (string[])["C", "F"]);
    }

    [Fact]
    public async Task Log_probabilities_come_with_the_tokens_and_bias_and_bans_change_what_is_chosen()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        var greedy = new SamplingOptions { Temperature = 0, TopLogProbabilities = 3, IgnoreEndOfSequence = true };

        var plain = await LikelihoodsAsync(replica, Request(1) with { Sampling = greedy });
        Assert.Equal(12, plain.Length);
        Assert.All(plain, token => Assert.Equal(3, token.Top.Length));
        Assert.All(plain, token => Assert.InRange(token.LogProbability, -100f, 0f));
        Assert.Equal(plain.Select(token => token.Token), plain.Select(token => token.Top[0].Token));

        var banned = await LikelihoodsAsync(replica, Request(2) with { Sampling = greedy with { ForbiddenTokens = [plain[0].Token] } });
        Assert.Equal(plain[0].Top[1].Token, banned[0].Token);
        var biased = await LikelihoodsAsync(replica, Request(3) with
        {
            Sampling = greedy with { LogitBias = ImmutableDictionary<int, float>.Empty.Add(plain[0].Top[2].Token, 100) },
        });
        Assert.All(biased, token => Assert.Equal(plain[0].Top[2].Token, token.Token));
        var penalised = await LikelihoodsAsync(replica, Request(4) with { Sampling = greedy with { FrequencyPenalty = 1000, PenaltyWindow = 4096 } });
        Assert.Equal(12, penalised.Select(token => token.Token).Distinct().Count());
    }

    [Fact]
    public async Task A_required_call_is_made_with_arguments_that_fit_and_its_text_is_no_answer()
    {
        await using var cluster = await SiloCluster.StartAsync(options => options.Models.Default = ToolModel.Path, SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        Assert.True((await replica.GetCardAsync()).SupportsTools);
        var request = Request(1) with
        {
            Tools = [Clock, Weather],
            ToolChoice = ToolChoice.Required,
            MaxTokens = 200,
            Sampling = new SamplingOptions { Seed = 5 },
        };

        var called = new HashSet<string>();
        foreach (var required in (string[])["", "get_weather", "get_time"])
        {
            var chunks = await replica.GenerateAsync(request with { RequiredTool = required }, CancellationToken.None).ToListAsync();
            var call = Assert.Single(chunks[^1].ToolCalls);
            Assert.Equal(FinishReason.ToolCalls, chunks[^1].Usage!.FinishReason);
            Assert.Equal("", string.Concat(chunks.Select(chunk => chunk.Text)).Trim());
            Assert.NotEmpty(call.Id);
            Assert.Equal(required.Length > 0 ? required : call.Name, call.Name);
            using var arguments = JsonDocument.Parse(call.Arguments);
            if (call.Name == "get_weather")
            {
                Assert.Contains(arguments.RootElement.GetProperty("city").GetString(), (string[])["Bern", "Oslo"]);
                Assert.Contains(arguments.RootElement.GetProperty("unit").GetString(), (string[])["C", "F"]);
            }
            else
            {
                Assert.Equal("{}", call.Arguments.Replace(" ", "", StringComparison.Ordinal));
            }

            called.Add(call.Name);
        }

        Assert.Equal(2, called.Count);
        var told = (await replica.EstimateAsync(request with { ToolChoice = ToolChoice.Auto })).PromptTokens;
        Assert.True(told > (await replica.EstimateAsync(request with { ToolChoice = ToolChoice.None })).PromptTokens);
    }

    [Fact]
    public async Task Wrong_functions_get_a_sentence()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"));
        var replica = cluster.Replica(0);
        await RefusedAsync(Request(1) with { ToolChoice = ToolChoice.Required }, "A call of a function is required, but the request has no functions");
        await RefusedAsync(Request(1) with { Tools = [Weather, Weather] }, "Two functions are called 'get_weather'");
        await RefusedAsync(Request(1) with { Tools = [Weather with { Name = "get weather" }] }, "'get weather' is no name of a function");
        await RefusedAsync(Request(1) with { Tools = [Weather with { Parameters = "[]" }] }, "The parameters of the function 'get_weather' are no JSON schema of an object");
        await RefusedAsync(Request(1) with { Tools = [Weather], ToolChoice = ToolChoice.Required, RequiredTool = "look" }, "A call of 'look' is required, which the request does not have");
        await RefusedAsync(Request(1) with { Tools = [Weather], ToolChoice = ToolChoice.Required, Sampling = new SamplingOptions { JsonSchema = "{}" } }, "cannot follow both");
        await RefusedAsync(Request(1) with { Tools = [Weather] }, "has no place for tools");
        await RefusedAsync(Request(1) with { Sampling = new SamplingOptions { JsonSchema = "{}", Grammar = "root ::= \"a\"" } }, "a grammar and a JSON schema");
        await RefusedAsync(Request(1) with { Sampling = new SamplingOptions { TopLogProbabilities = 21 } }, "TopLogProbabilities is 21");
        await RefusedAsync(Request(1) with { Reservation = -1 }, "Reservation is -1");
        Assert.False((await replica.GetCardAsync()).SupportsTools);

        async Task RefusedAsync(InferenceRequest request, string sentence) => Assert.Contains(
            sentence, (await Assert.ThrowsAsync<LlmosException>(() => GenerateAsync(replica, request))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engines_are_observed_on_the_meter_as_long_as_they_live()
    {
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Enable(instrument, listener) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (tags.ToArray().Contains(new KeyValuePair<string, object?>("device", "observed")))
            {
                seen[instrument.Name] = value;
            }
        });
        listener.Start();
        await using (var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("observed")))
        {
            var usage = (await GenerateAsync(cluster.Replica(0), Request(1))).Usage;
            listener.RecordObservableInstruments();
            Assert.Equal(usage.PromptTokens, seen["llmos.engine.prefilled_tokens"]);
            Assert.InRange(seen["llmos.engine.kv_cells"], usage.PromptTokens, seen["llmos.engine.kv_cells_total"]);
            Assert.Equal(0, seen["llmos.engine.preemptions"]);
            Assert.True(cluster.Service<SiloEngines>(0).KvBytes > 0);
        }

        seen.Clear();
        listener.RecordObservableInstruments();
        Assert.Empty(seen);

        static void Enable(Instrument instrument, MeterListener listener)
        {
            if (instrument is { Meter.Name: LlmosTelemetry.Name, IsObservable: true })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Fact]
    public async Task A_silo_answers_for_its_own_engines_where_a_process_runs_several_silos()
    {
        await using var cluster = await SiloCluster.StartAsync(SiloCluster.Gpu("gpu"), DeviceSelection.None);
        var usage = (await GenerateAsync(cluster.Replica(0), Request(1))).Usage;
        var activity = await cluster.Grains.GetGrain<ISystemActivityGrain>(0).SampleAsync(new ActivityQuery { Processes = 0 });
        var engine = Assert.Single(activity.Engines);
        Assert.Equal((Address(0), "gpu", usage.PromptTokens), (engine.Silo, engine.Device, engine.PrefilledTokens));
        Assert.True(CellsOf(0) > 0);
        Assert.Equal(0, CellsOf(1));

        string Address(int silo) => cluster.Silos[silo].SiloAddress.ToString();

        long CellsOf(int silo) => activity.Memory.Single(memory => memory.Silo == Address(silo)).Levels.Single(level => level.Name == "L1").Pages;
    }

    private static InferenceRequest Request(long pid, string text = LongPrompt) => new()
    {
        Pid = pid,
        MaxTokens = 12,
        Messages = [new PromptMessage(PromptRole.User, text)],
        Sampling = new SamplingOptions { Seed = 7, IgnoreEndOfSequence = true },
    };

    private static async Task<ImmutableArray<TokenLikelihood>> LikelihoodsAsync(IInferenceGrain replica, InferenceRequest request) =>
        [.. (await replica.GenerateAsync(request, CancellationToken.None).ToListAsync()).SelectMany(chunk => chunk.Likelihoods)];

    private static async Task<(string Text, InferenceUsage Usage)> GenerateAsync(IInferenceGrain replica, InferenceRequest request)
    {
        var text = new StringBuilder();
        InferenceUsage? usage = null;
        await foreach (var chunk in replica.GenerateAsync(request, CancellationToken.None))
        {
            text.Append(chunk.Text);
            usage = chunk.Usage ?? usage;
        }

        return (text.ToString(), usage!);
    }
}
