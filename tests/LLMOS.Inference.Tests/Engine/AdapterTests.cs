using LLMOS.Inference.Gguf;
using LLMOS.Inference.Planning;
using ModelForge;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>LoRA adapters on a real model: what they add, what they leave alone, and that nobody starves beside them.</summary>
public sealed class AdapterTests
{
    private static EngineOptions Exact { get; } = Small with { FullPrecisionAttention = true };

    [Fact]
    public async Task An_adapter_gives_what_a_model_gives_that_has_it_merged_in()
    {
        var request = Request(Tokens(1, 40), 48);
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        using var model = TestAdapters.Merged("merged-1", new MergedLora(TestAdapters.Random(1)));
        await using var merged = new LlamaCppEngine(model, Exact);

        var (tokens, likely) = await Likely(engine, request with { Adapters = [new AdapterUse(TestAdapters.Of(1))] });
        var (expected, expectedLikely) = await Likely(merged, request);
        var (plain, _) = await Likely(engine, request);

        Assert.Equal(expected, tokens);
        Assert.All(likely.Zip(expectedLikely), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        Assert.NotEqual(expected, plain);
    }

    [Fact]
    public async Task Adapters_add_up_each_by_its_scale()
    {
        var request = Request(Tokens(2, 30), 32);
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        using var model = TestAdapters.Merged("merged-1-2", new MergedLora(TestAdapters.Random(1), 0.5f), new MergedLora(TestAdapters.Random(2), -0.75f));
        await using var merged = new LlamaCppEngine(model, Exact);

        var (tokens, likely) = await Likely(engine, request with { Adapters = [new AdapterUse(TestAdapters.Of(2), -0.75f), new AdapterUse(TestAdapters.Of(1), 0.5f)] });
        var (expected, expectedLikely) = await Likely(merged, request);

        Assert.Equal(expected, tokens);
        Assert.All(likely.Zip(expectedLikely), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
    }

    [Theory]
    [InlineData("fair")]
    [InlineData("rr")]
    [InlineData("fcfs")]
    public async Task A_neighbours_adapter_changes_nothing(string policy)
    {
        var requests = Enumerable.Range(0, 12).Select(i => Request(Tokens(10 + i, 20 + (7 * i)), 40) with { Adapters = Set(i % 4) }).ToList();
        var alone = new List<List<int>>();
        foreach (var request in requests)
        {
            await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
            alone.Add(await Drain(engine.Submit(request)));
        }
        await using var together = new LlamaCppEngine(TestModels.F32, Exact with { Policy = policy });
        var answers = await Task.WhenAll(requests.Select(request => Drain(together.Submit(request))).ToList());
        Assert.Equal(alone, answers);
        Assert.True(together.Statistics.AdapterSwitches >= 3);
    }

    [Fact]
    public async Task Many_sequences_of_three_sets_all_finish_and_none_waits_past_the_bound()
    {
        const int Places = 8;
        var options = Small with { MaxSequences = Places, HostCells = 100_000, Quantum = 8 };
        var planner = new SetWatchingPlanner(StepPlanners.Create("fair", options.ToPlannerOptions()), options.ToPlannerOptions(), options.ContextCells, Places);
        await using var engine = new LlamaCppEngine(TestModels.F32, options with { Planner = planner });
        // Most share a set; one has a set of its own.
        var handles = Enumerable.Range(0, 60)
            .Select(i => engine.Submit(Request(Tokens(100 + i, 10 + (i % 30)), 24, $"p{i}") with { Adapters = Set(i == 30 ? 2 : i % 2) })).ToList();
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));
        Assert.All(results, result => Assert.Equal(24, result.CompletionTokens));
        Assert.Equal(3, planner.MostSets);
        Assert.False(planner.Mixed);
        Assert.InRange(planner.LongestWait, 1, planner.Bound);
        // Turns of four steps, not a change for each step.
        Assert.InRange(engine.Statistics.AdapterSwitches, 3, (engine.Statistics.Steps / 3) + 3);
    }

    [Fact]
    public async Task A_planner_that_knows_nothing_of_sets_does_no_harm()
    {
        var requests = Enumerable.Range(0, 6).Select(i => Request(Tokens(30 + i, 25), 20, $"p{i}") with { Adapters = Set(i % 3) }).ToList();
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        await using var blind = new LlamaCppEngine(TestModels.F32, Exact with { Planner = new SetBlindPlanner() });
        var handles = requests.Select(request => Drain(blind.Submit(request))).ToList();
        for (var i = 0; i < requests.Count; i++)
            Assert.Equal(await Drain(engine.Submit(requests[i])), await handles[i]);
    }

    [Fact]
    public async Task No_prefix_is_shared_across_sets()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var prompt = Tokens(3, 100);
        async Task<int> Cached(string key, IReadOnlyList<AdapterUse> adapters)
        {
            var handle = engine.Submit(Request(prompt, 2, key, "users") with { Adapters = adapters });
            await Drain(handle);
            return (await handle.Completion).CachedTokens;
        }

        Assert.Equal(0, await Cached("plain", []));
        Assert.Equal(0, await Cached("one", Set(1)));
        Assert.Equal(0, await Cached("half", [new AdapterUse(TestAdapters.Of(1), 0.5f)]));
        Assert.Equal(0, await Cached("both", [.. Set(1), .. Set(2)]));
        Assert.Equal(99, await Cached("plain too", []));
        Assert.Equal(99, await Cached("one too", Set(1)));
        Assert.Equal(99, await Cached("both too", [.. Set(2), .. Set(1)]));
        Assert.Equal(99, await engine.CountCachedAsync("x", prompt, "users", Set(1)));
        Assert.Equal(0, await engine.CountCachedAsync("x", prompt, "users", Set(2)));
        Assert.Equal(99, await engine.CountCachedAsync("plain", prompt));
        Assert.Equal(0, await engine.CountCachedAsync("plain", prompt, adapters: Set(1)));
    }

    [Fact]
    public async Task A_key_that_changes_its_adapters_takes_nothing_along()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        var request = Request(Tokens(4, 80), 20, "p1");
        await Drain(engine.Submit(request));
        var changed = engine.Submit(request with { Adapters = Set(1) });
        var tokens = await Drain(changed);
        Assert.Equal(0, (await changed.Completion).CachedTokens);
        var back = engine.Submit(request);
        await Drain(back);
        Assert.Equal(0, (await back.Completion).CachedTokens);

        await using var fresh = new LlamaCppEngine(TestModels.F32, Exact);
        Assert.Equal(await Drain(fresh.Submit(request with { Adapters = Set(1) })), tokens);
    }

    /// <summary>More processes than places, so that all are swapped, in the middle of answers, and each comes back to its own adapters.</summary>
    [Fact]
    public async Task A_swap_changes_no_token_whatever_the_set()
    {
        var requests = Enumerable.Range(0, 9).Select(i => Request(Tokens(40 + i, 30), 40, $"p{i}") with { Adapters = Set(i % 3) }).ToList();
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { MaxSequences = 2, HostCells = 100_000, Quantum = 4 });
        var answers = await Task.WhenAll(requests.Select(request => Drain(engine.Submit(request))).ToList());
        Assert.True(engine.Statistics.SwapsIn > requests.Count);
        for (var i = 0; i < requests.Count; i++)
        {
            await using var alone = new LlamaCppEngine(TestModels.F32, Exact);
            Assert.Equal(await Drain(alone.Submit(requests[i])), answers[i]);
        }
    }

    [Fact]
    public async Task A_fork_goes_on_with_its_parents_adapters()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        var request = Request(Tokens(5, 60), 10, "parent") with { Adapters = Set(1) };
        await Drain(engine.Submit(request));
        var fork = await engine.ForkAsync("parent", "child");
        var child = engine.Submit(Request([.. fork.Tokens], 5, "child") with { Adapters = Set(1) });
        await Drain(child);
        Assert.InRange((await child.Completion).CachedTokens, 60, 70);
    }

    [Fact]
    public async Task An_adapter_can_be_loaded_while_an_engine_runs()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { OutputCapacity = 4 });
        var running = engine.Submit(Request(Tokens(6, 20), 400));
        await running.Tokens.ReadAsync(TestContext.Current.CancellationToken);
        var adapters = Enumerable.Range(0, 6).Select(i => TestModels.F32.LoadAdapter(TestAdapters.Path(200 + (ulong)i))).ToList();
        var handles = adapters.Select(adapter => Drain(engine.Submit(Request(Tokens(7, 20), 10) with { Adapters = [new AdapterUse(adapter)] }))).ToList();
        var rest = Drain(running);
        Assert.All(await Task.WhenAll(handles), tokens => Assert.Equal(10, tokens.Count));
        Assert.Equal(399, (await rest).Count);
    }

    [Fact]
    public void An_adapter_tells_of_itself_and_is_loaded_once()
    {
        var path = TestAdapters.Path(7, new LoraOptions { Seed = 7, Rank = 3, Alpha = 6, Name = "Seven", Targets = ["attn_q", "ffn_down"] });
        var adapter = TestModels.F32.LoadAdapter(path);
        Assert.Equal(("Seven", 6f, 3, 4), (adapter.Name, adapter.Alpha, adapter.Rank, adapter.TensorCount));
        Assert.Same(adapter, TestModels.F32.LoadAdapter(path));
        Assert.Equal("own", TestModels.F32.LoadAdapter(TestAdapters.Path(8), "own").Name);
    }

    [Fact]
    public void A_file_that_is_no_adapter_of_the_model_is_refused_in_a_sentence()
    {
        Refused(LlamaError.AdapterMissing, TestModels.NewPath("nothing.gguf"), "There is no file");
        Refused(LlamaError.AdapterMissing, Path.GetTempPath(), "is a folder");
        Refused(LlamaError.AdapterInvalid, TestModels.F32.Path, "general.type is 'model'");
        Refused(LlamaError.AdapterInvalid, TestAdapters.Path(1, new LoraOptions { Architecture = "qwen3" }), "architecture 'qwen3'", "is 'llama'");
        Refused(LlamaError.AdapterInvalid, TestAdapters.Path(1, shape: ModelShape.Tiny), "use an adapter of this model");
        var wide = TestModels.Shape with { FeedForward = 160 };
        Refused(LlamaError.AdapterInvalid, TestAdapters.Path(1, new LoraOptions { Targets = ["ffn_up"] }, wide), "(64 × 8)", "(8 × 160)", "(64 × 128)");
        var cut = TestModels.NewPath("cut.gguf");
        var whole = File.ReadAllBytes(TestAdapters.Path(1));
        File.WriteAllBytes(cut, whole[..^100]);
        Refused(LlamaError.AdapterInvalid, cut, "is truncated");

        Refused(LlamaError.AdapterInvalid, Forged(writer => { }, Pair), "general.type is missing");
        Refused(LlamaError.AdapterInvalid, Forged(Kind("ia3"), Pair), "adapter.type is 'ia3'");
        Refused(LlamaError.AdapterInvalid, Forged(writer => { Kind("lora")(writer); writer.Add("adapter.lora.alpha", float.NaN); }, Pair), "adapter.lora.alpha is NaN");
        Refused(LlamaError.AdapterInvalid, Forged(writer => { Kind("lora")(writer); writer.Add("adapter.lora.alpha", 8u); }, Pair), "adapter.lora.alpha is 8 (UInt32)");
        Refused(LlamaError.AdapterInvalid, Forged(writer => { Kind("lora")(writer); writer.Add("adapter.alora.invocation_tokens", [1, 2]); }, Pair), "activated LoRA");
        Refused(LlamaError.AdapterInvalid, Forged(Kind("lora"), writer => Tensor(writer, "blk.0.attn_q.weight.lora_a", 64, 4)), "has no blk.0.attn_q.weight.lora_b");
        Refused(LlamaError.AdapterInvalid, Forged(Kind("lora"), writer => Tensor(writer, "blk.0.attn_q.weight", 64, 64)), "neither .lora_a nor .lora_b");
        Refused(LlamaError.AdapterInvalid, Forged(Kind("lora"), writer => { }), "changes no tensor");
        Refused(LlamaError.AdapterInvalid, Forged(Kind("lora"), writer => { Tensor(writer, "blk.9.attn_q.weight.lora_a", 64, 4); Tensor(writer, "blk.9.attn_q.weight.lora_b", 4, 64); }), "'blk.9.attn_q.weight'");

        static void Refused(LlamaError error, string path, params string[] parts) => Sentences.Refused(error, () => TestModels.F32.LoadAdapter(path), parts);
    }

    [Fact]
    public async Task A_wrong_set_is_refused_before_a_sequence_exists()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var other = TestModels.Multibyte.LoadAdapter(TestAdapters.Path(9));
        Refused([new AdapterUse(other)], "'multibyte'", "load it for this one");
        Refused([new AdapterUse(TestAdapters.Of(1), float.NaN)], "scale of the adapter 'lora 1' is NaN");
        Refused([new AdapterUse(TestAdapters.Of(1), 0)], "is 0", "leave it out");
        Refused([new AdapterUse(TestAdapters.Of(1), float.PositiveInfinity)], "is Infinity");
        Refused([new AdapterUse(TestAdapters.Of(1)), new AdapterUse(TestAdapters.Of(1), 2)], "twice");
        Refused([new AdapterUse(null!)], "null");
        Refused([.. Enumerable.Range(1, 9).Select(i => new AdapterUse(TestAdapters.Of((ulong)i)))], "9 adapters", "at most 8");
        await Sentences.RefusedAsync(LlamaError.InvalidRequest, () => engine.CountCachedAsync("x", Tokens(1, 5), null, [new AdapterUse(TestAdapters.Of(1), 0)]), "is 0");
        Assert.Equal(0, engine.Statistics.Steps);

        void Refused(AdapterUse[] adapters, params string[] parts) =>
            Sentences.Refused(LlamaError.InvalidRequest, () => engine.Submit(Request(Tokens(1, 5), 1) with { Adapters = adapters }), parts);
    }

    private static IReadOnlyList<AdapterUse> Set(int number) => number == 0 ? [] : [new AdapterUse(TestAdapters.Of((ulong)number))];

    private static async Task<(List<int> Tokens, List<double> Likely)> Likely(LlamaCppEngine engine, GenerationRequest request)
    {
        var handle = engine.Submit(request with { Sampling = request.Sampling with { TopLogProbabilities = 1 } });
        var (tokens, likely) = (new List<int>(), new List<double>());
        await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            tokens.Add(token.Id);
            likely.Add(token.LogProbabilities!.Chosen);
        }
        return (tokens, likely);
    }

    private static Action<GgufWriter> Kind(string kind) => writer =>
    {
        writer.Add("general.type", "adapter");
        writer.Add("general.architecture", "llama");
        writer.Add("adapter.type", kind);
    };

    private static void Pair(GgufWriter writer)
    {
        Tensor(writer, "blk.0.attn_q.weight.lora_a", 64, 4);
        Tensor(writer, "blk.0.attn_q.weight.lora_b", 4, 64);
    }

    private static void Tensor(GgufWriter writer, string name, int rowLength, int rows) => writer.AddTensor(name, GgmlType.F32, rowLength, rows, static (_, values) => values.Clear());

    private static string Forged(Action<GgufWriter> metadata, Action<GgufWriter> tensors)
    {
        var (path, writer) = (TestModels.NewPath("forged.gguf"), new GgufWriter());
        metadata(writer);
        tensors(writer);
        writer.Write(path);
        return path;
    }
}
