using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Tokens that a grammar leaves no choice about: the characters of these names are not in the vocabulary, so that each of their bytes is such a token.</summary>
public sealed class ForcedTokenTests
{
    private const string Grammar = """
        root ::= "{\"城市名称\": \"" [a-z ]{3,9} "\", \"天気予報\": [" number ("," number)? "], \"LEVEL_2M\": " ("true" | "false") "}"
        number ::= [1-9] [0-9]{0,2}
        """;

    private static readonly EngineOptions Off = Small with { ForcedTokens = false, DraftTokens = 0, FullPrecisionAttention = true };
    private static readonly EngineOptions ForcedOnly = Off with { ForcedTokens = true };
    private static readonly EngineOptions On = ForcedOnly with { DraftTokens = 16, DraftCost = 0.05 };

    public static TheoryData<float, ulong> Samplings => new() { { 0, 0 }, { 1, 1 }, { 1, 2 }, { 1, 3 } };

    [Theory]
    [MemberData(nameof(Samplings))]
    public async Task They_are_the_tokens_that_would_have_been_sampled(float temperature, ulong seed)
    {
        var request = Constrained(temperature, seed);
        var (expected, plain) = await RunAsync(Off, request);
        Assert.Equal(0, plain.ForcedTokens + plain.DraftedTokens);
        foreach (var options in new[] { ForcedOnly, On })
        {
            var (tokens, result) = await RunAsync(options, request);
            Assert.Equal(expected, tokens);
            Assert.Equal(StopReason.EndOfText, result.StopReason);
            Assert.True(result.ForcedTokens >= 16, $"{result.ForcedTokens} forced tokens of {result.CompletionTokens}");
            Assert.Equal(plain.CompletionTokens, result.CompletionTokens);
        }
    }

    [Fact]
    public async Task They_take_fewer_steps_and_are_counted()
    {
        long plain;
        await using (var off = new LlamaCppEngine(TestModels.F32, Off))
        {
            await Drain(off.Submit(Constrained(1, 4)));
            await Until(() => off.Statistics.Active == 0);
            plain = off.Statistics.Steps;
        }
        await using var engine = new LlamaCppEngine(TestModels.F32, ForcedOnly);
        var handle = engine.Submit(Constrained(1, 4));
        var tokens = await Drain(handle);
        var result = await handle.Completion;
        await Until(() => engine.Statistics.DecodedTokens >= tokens.Count);
        var statistics = engine.Statistics;
        Assert.Equal(result.ForcedTokens, statistics.ForcedTokens);
        Assert.Equal(tokens.Count, statistics.DecodedTokens);
        Assert.Equal(result.PromptTokens, statistics.PrefilledTokens);
        Assert.True(statistics.Steps + result.ForcedTokens - 4 <= plain, $"{statistics.Steps} steps with {result.ForcedTokens} forced tokens, {plain} without");
    }

    [Fact]
    public async Task A_generation_may_end_at_any_of_them()
    {
        var (all, _) = await RunAsync(Off, Constrained(1, 5));
        for (var most = 1; most <= all.Count; most++)
        {
            var (tokens, result) = await RunAsync(On, Constrained(1, 5) with { MaxTokens = most });
            Assert.Equal(all.Take(most), tokens);
            Assert.Equal(most, result.CompletionTokens);
            Assert.Equal(StopReason.Length, result.StopReason);
        }
    }

    [Theory]
    [InlineData("名称\":")]
    [InlineData("予報")]
    [InlineData("L_2M")]
    public async Task A_stop_text_among_them_ends_the_text_where_it_would_have(string stop)
    {
        var request = Constrained(1, 6) with { StopTexts = [stop] };
        var expected = await TextAsync(Off, request);
        Assert.DoesNotContain(stop, expected.Text, StringComparison.Ordinal);
        Assert.Equal(StopReason.StopText, expected.Reason);
        Assert.Equal(expected, await TextAsync(ForcedOnly, request));
        Assert.Equal(expected, await TextAsync(On, request));
    }

    [Fact]
    public async Task A_slow_reader_and_a_swap_in_the_middle_of_them_change_nothing()
    {
        var request = Constrained(1, 7) with { Key = "p1" };
        var (expected, _) = await RunAsync(Off, request);
        foreach (var capacity in new[] { 1, 2, 5 })
        {
            var options = On with { OutputCapacity = capacity };
            Assert.Equal(expected, (await RunAsync(options, request)).Tokens);
            foreach (var every in new[] { 2, 3 })
            {
                foreach (var way in new[] { SwapInChoice.Restore, SwapInChoice.Prefill })
                    Assert.Equal(expected, (await RunAsync(options with { Planner = new ChurningPlanner(every), HostCells = 10_000, SwapInChoice = way }, request)).Tokens);
            }
        }
    }

    [Fact]
    public async Task Bias_and_penalties_change_them_as_little_as_before()
    {
        var model = TestModels.F32;
        var first = model.Tokenize("城", addSpecial: false)[^3];
        var request = Constrained(1, 8);
        request = request with
        {
            Sampling = request.Sampling with { LogitBias = new Dictionary<int, float> { [first] = -500 }, RepeatPenalty = 1.7f, FrequencyPenalty = 3, PresencePenalty = 2 },
        };
        var (expected, _) = await RunAsync(Off, request);
        var (tokens, result) = await RunAsync(On, request);
        Assert.Equal(expected, tokens);
        Assert.Contains(first, tokens);
        Assert.True(result.ForcedTokens > 0);
    }

    [Fact]
    public async Task One_that_is_forbidden_ends_the_sequence_with_the_same_reason()
    {
        var last = TestModels.F32.Tokenize("城", addSpecial: false)[^1];
        var request = Constrained(1, 9);
        request = request with { Sampling = request.Sampling with { ForbiddenTokens = [last] } };
        foreach (var options in new[] { Off, On })
            await Sentences.RefusedAsync(LlamaError.InvalidRequest, () => RunAsync(options, request), "is allowed by the grammar and the logit bias");
    }

    [Fact]
    public async Task Where_log_probabilities_are_asked_for_every_token_is_sampled()
    {
        var request = Constrained(1, 10);
        request = request with { Sampling = request.Sampling with { TopLogProbabilities = 2 } };
        var (expected, plain) = await RunAsync(Off, request);
        var (tokens, result) = await RunAsync(On, request);
        Assert.Equal(expected, tokens);
        Assert.Equal(0, result.ForcedTokens);
        Assert.Equal(plain.LogProbability!.Value, result.LogProbability!.Value, 3);
    }

    private static GenerationRequest Constrained(float temperature, ulong seed) => Request("What is the weather?", 120) with
    {
        Grammar = Grammar,
        Sampling = new SamplingParameters { Temperature = temperature, TopK = 0, TopP = 1, Seed = seed, IgnoreEnd = seed % 2 == 0 },
    };

    private static async Task<(List<int> Tokens, GenerationResult Result)> RunAsync(EngineOptions options, GenerationRequest request)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, options);
        var handle = engine.Submit(request);
        return (await Drain(handle), await handle.Completion);
    }

    private static async Task<(string Text, StopReason Reason)> TextAsync(EngineOptions options, GenerationRequest request)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, options);
        var handle = engine.Submit(request);
        var text = "";
        await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            text += token.Text;
        return (text, (await handle.Completion).StopReason);
    }
}
