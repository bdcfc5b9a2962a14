using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Guesses that are computed before they are sampled. With a fixed cost so low that every guess is tried, right ones and wrong ones come in all mixtures.</summary>
public sealed class SpeculationTests
{
    private static readonly EngineOptions Off = Small with { DraftTokens = 0, FullPrecisionAttention = true };
    private static readonly EngineOptions On = Off with { DraftTokens = 16, DraftCost = 0.02 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<float, ulong, int> Samplings => new() { { 0, 0, 1 }, { 1, 1, 1 }, { 1, 2, 1 }, { 0, 0, 4 }, { 1, 3, 4 } };

    [Theory]
    [MemberData(nameof(Samplings))]
    public async Task It_changes_no_token(float temperature, ulong seed, int sequences)
    {
        var requests = Enumerable.Range(0, sequences).Select(i => FewWords(seed + (ulong)i, temperature, 120)).ToList();
        var expected = new List<List<int>>();
        await using (var off = new LlamaCppEngine(TestModels.F32, Off))
        {
            foreach (var request in requests)
                expected.Add(await Drain(off.Submit(request)));
        }
        await using var engine = new LlamaCppEngine(TestModels.F32, On);
        var handles = requests.Select(engine.Submit).ToList();
        for (var i = 0; i < sequences; i++)
            Assert.Equal(expected[i], await Drain(handles[i]));
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));
        Assert.True(results.Sum(result => result.DraftedTokens) > results.Sum(result => result.AcceptedTokens), "all drafts were accepted, so that cutting was not tested");
        Assert.True(results.Sum(result => result.AcceptedTokens) > 0, "no draft was accepted");
        await Until(() => engine.Statistics.Active == 0);
        Assert.Equal(results.Sum(result => result.DraftedTokens), engine.Statistics.DraftedTokens);
        Assert.Equal(results.Sum(result => result.AcceptedTokens), engine.Statistics.AcceptedTokens);
        Assert.Equal(results.Sum(result => result.CompletionTokens), engine.Statistics.DecodedTokens);
    }

    [Fact]
    public async Task A_copy_takes_a_fraction_of_the_steps()
    {
        var request = Copy(passage: 60, tokens: 90);
        await using var off = new LlamaCppEngine(TestModels.F32, Off);
        var expected = await Drain(off.Submit(request));
        await using var engine = new LlamaCppEngine(TestModels.F32, On);
        var handle = engine.Submit(request);
        Assert.Equal(expected, await Drain(handle));
        Assert.Equal(request.PromptTokens.Span[^60..].ToArray(), expected.Take(60));
        await Until(() => engine.Statistics.Active == 0 && off.Statistics.Active == 0);
        Assert.True(engine.Statistics.Steps * 3 < off.Statistics.Steps, $"{engine.Statistics.Steps} steps of {off.Statistics.Steps}");
        Assert.True((await handle.Completion).AcceptedTokens > 60);
    }

    [Fact]
    public async Task The_next_turn_finds_the_tokens_that_were_accepted_and_nothing_else()
    {
        var first = FewWords(5, 1, 80) with { Key = "p1" };
        await using var off = new LlamaCppEngine(TestModels.F32, Off);
        await using var engine = new LlamaCppEngine(TestModels.F32, On);
        foreach (var each in new[] { off, engine })
        {
            var answer = await Drain(each.Submit(first));
            var second = each.Submit(first with { PromptTokens = (int[])[.. first.PromptTokens.Span, .. answer, .. Tokens(9, 20)] });
            var tokens = await Drain(second);
            Assert.Equal(first.PromptTokens.Length + 79, (await second.Completion).CachedTokens);
            if (each == engine)
                Assert.Equal(await Drain(off.Submit(first with { Key = null, PromptTokens = (int[])[.. first.PromptTokens.Span, .. answer, .. Tokens(9, 20)] })), tokens);
        }
    }

    [Fact]
    public async Task Lengths_slow_readers_and_swaps_change_nothing()
    {
        var request = FewWords(6, 1, 60) with { Key = "p1" };
        await using var off = new LlamaCppEngine(TestModels.F32, Off);
        var expected = await Drain(off.Submit(request));
        foreach (var options in new[]
        {
            On with { OutputCapacity = 1 },
            On with { OutputCapacity = 3 },
            On with { Planner = new ChurningPlanner(3), HostCells = 10_000, SwapInChoice = SwapInChoice.Restore },
            On with { Planner = new ChurningPlanner(3), SwapInChoice = SwapInChoice.Prefill },
            On with { OutputCapacity = 2, Planner = new ChurningPlanner(2), HostCells = 10_000 },
            On with { StepTokens = 5, PrefillTokensBesideDecode = 3 },
        })
        {
            await using var engine = new LlamaCppEngine(TestModels.F32, options);
            foreach (var most in new[] { 60, 33, 2, 1 })
                Assert.Equal(expected.Take(most), await Drain(engine.Submit(request with { MaxTokens = most, Key = $"p{most}" })));
            await Until(() => engine.Statistics.Active == 0);
            Assert.Equal(0, engine.Statistics.CellsReserved);
        }
    }

    [Fact]
    public async Task A_stop_text_in_a_draft_ends_the_text_where_it_would_have()
    {
        var request = Copy(passage: 40, tokens: 80);
        var stop = TestModels.F32.Detokenize(request.PromptTokens.Span[^12..^10].ToArray());
        request = request with { StopTexts = [stop] };
        await using var off = new LlamaCppEngine(TestModels.F32, Off);
        await using var engine = new LlamaCppEngine(TestModels.F32, On);
        Assert.Equal(await Drain(off.Submit(request)), await Drain(engine.Submit(request)));
        Assert.True(engine.Statistics.AcceptedTokens > 0);
    }

    [Fact]
    public async Task A_request_can_do_without_and_so_can_an_engine()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, On);
        var handle = engine.Submit(Copy(passage: 40, tokens: 60) with { Speculate = false });
        await Drain(handle);
        Assert.Equal(0, (await handle.Completion).DraftedTokens);
        Sentences.Refused(LlamaError.InvalidRequest, () => _ = new LlamaCppEngine(TestModels.F32, Small with { DraftTokens = -1 }), "DraftTokens is -1");
    }

    /// <summary>Where the others' tokens fill the step nothing is drafted, and everyone gets a token in each.</summary>
    [Fact]
    public async Task Drafts_take_no_token_of_a_step_from_anyone()
    {
        const int Sequences = 6;
        await using var engine = new LlamaCppEngine(TestModels.F32, On with { StepTokens = Sequences, PrefillTokensBesideDecode = Sequences });
        var handles = Enumerable.Range(0, Sequences).Select(i => engine.Submit(Copy(passage: 20, tokens: 60, seed: i))).ToList();
        await Task.WhenAll(handles.Select(Drain));
        await Until(() => engine.Statistics.Active == 0);
        var statistics = engine.Statistics;
        Assert.True(statistics.Steps <= (statistics.PrefilledTokens / Sequences) + 60 + Sequences + 1, $"{statistics.Steps} steps for {statistics.PrefilledTokens} prompt tokens and 60 of each");
    }

    /// <summary>What is measured decides: text that does not repeat is not drafted, whatever a token costs.</summary>
    [Fact]
    public async Task Text_that_does_not_repeat_is_hardly_drafted()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var handle = engine.Submit(Request("Tell me a story", 300) with { Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = 3, IgnoreEnd = true } });
        await Drain(handle);
        Assert.InRange((await handle.Completion).DraftedTokens, 0, 9);
    }

    [Fact]
    public async Task A_sequence_that_is_cancelled_in_the_middle_of_drafts_leaves_nothing_behind()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, On with { OutputCapacity = 40 });
        for (var i = 0; i < 10; i++)
        {
            var handle = engine.Submit(Copy(passage: 30, tokens: 400, seed: i));
            for (var read = 0; read < 20 + i; read++)
                await handle.Tokens.ReadAsync(Cancelled);
            handle.Cancel();
            Assert.Equal(StopReason.Cancelled, (await handle.Completion).StopReason);
        }
        await Until(() => engine.Statistics.Active == 0);
        Assert.Equal(0, engine.Statistics.CellsUsed);
    }

    /// <summary>A model that is let use eight tokens only repeats itself by chance: some guesses are right and most are wrong.</summary>
    private static GenerationRequest FewWords(ulong seed, float temperature, int tokens) => Request(Tokens((int)seed + 20, 40), tokens) with
    {
        Sampling = new SamplingParameters
        {
            Temperature = temperature,
            TopK = 0,
            TopP = 1,
            Seed = seed,
            IgnoreEnd = true,
            FrequencyPenalty = temperature == 0 ? 0.7f : 0,
            LogitBias = Enumerable.Range(0, 4).ToDictionary(i => 400 + (10 * i), _ => 40f),
        },
    };

    /// <summary>Of its passage's tokens, which alone it may use, a model that may not repeat the last ones has only the one left that it used the longest ago: so it copies.</summary>
    private static GenerationRequest Copy(int passage, int tokens, int seed = 0)
    {
        int[] text = [.. Enumerable.Range(0, passage).Select(i => 300 + (((i * 37) + (seed * 11)) % 600))];
        return Request([.. Tokens(seed + 50, 10), .. text], tokens) with
        {
            Sampling = SamplingParameters.Greedy with
            {
                IgnoreEnd = true,
                PresencePenalty = 1000,
                PenaltyWindow = passage - 1,
                LogitBias = text.ToDictionary(token => token, _ => 10_000f),
            },
        };
    }
}
