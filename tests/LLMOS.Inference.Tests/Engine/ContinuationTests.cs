using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>An answer that is broken off anywhere and taken up from its tokens is the one that it would have been.</summary>
public sealed class ContinuationTests
{
    private const string Grammar = """
        root ::= "{\"city\": \"" [a-z ]{3,9} "\", \"days\": [" number ("," number)? "], \"late\": " ("true" | "false") "}"
        number ::= [1-9] [0-9]{0,2}
        """;

    private static readonly EngineOptions Quick = Small with { DraftTokens = 16, DraftCost = 0.05, FullPrecisionAttention = true };

    public static TheoryData<string> Kinds => ["greedy", "sampled", "penalties", "bias", "grammar", "schema", "stop", "multibyte"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_goes_on_as_it_would_have_wherever_it_was_broken_off(string kind)
    {
        var model = kind == "multibyte" ? TestModels.Multibyte : TestModels.F32;
        await using var engine = new LlamaCppEngine(model, Quick);
        var request = await RequestAsync(kind, model, engine);
        var (whole, end) = await ReadAsync(engine, request);
        Assert.True(whole.Count >= 8, $"{whole.Count} tokens are too few to be broken off");
        for (var length = 0; length <= whole.Count; length++)
        {
            var handle = engine.Submit(request with { Emitted = whole.Take(length).Select(token => token.Id).ToArray() });
            var (rest, result) = await ReadAsync(handle);

            Assert.Equal(whole.Take(length).Select(token => (token.Id, token.Text)), handle.Emitted.Select(token => (token.Id, token.Text)));
            Assert.Equal(whole.Skip(length).Select(token => (token.Id, token.Text)), rest.Select(token => (token.Id, token.Text)));
            Assert.Equal(end.StopReason, result.StopReason);
            Assert.Equal((end.PromptTokens, end.CompletionTokens), (result.PromptTokens, result.CompletionTokens));
            Assert.Equal(Math.Min(length, end.CompletionTokens), result.EmittedTokens);
        }
    }

    [Fact]
    public async Task Another_engine_computes_what_was_emitted_and_samples_none_of_it()
    {
        var request = Request("Once upon a time", 40, key: "1") with { Sampling = new SamplingParameters { Temperature = 1, Seed = 3, IgnoreEnd = true } };
        List<TokenOutput> whole;
        await using (var first = new LlamaCppEngine(TestModels.F32, Small))
            (whole, _) = await ReadAsync(first, request);

        await using var second = new LlamaCppEngine(TestModels.F32, Small);
        var (rest, result) = await ReadAsync(second.Submit(request with { Emitted = whole.Take(30).Select(token => token.Id).ToArray() }));

        Assert.Equal(whole.Skip(30), rest);
        Assert.Equal(0, result.CachedTokens);
        await Until(() => second.Statistics.Active == 0);
        Assert.Equal(10, second.Statistics.DecodedTokens);
        Assert.Equal(result.PromptTokens + 30, second.Statistics.PrefilledTokens);
    }

    [Fact]
    public async Task What_is_still_in_memory_is_not_computed_again()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var request = Request("Once upon a time", 40, key: "1");
        var (whole, _) = await ReadAsync(engine, request);
        var (_, result) = await ReadAsync(engine.Submit(request with { Emitted = whole.Take(30).Select(token => token.Id).ToArray() }));
        Assert.Equal(result.PromptTokens, result.CachedTokens);
    }

    [Fact]
    public async Task Tokens_that_are_no_beginning_of_the_answer_are_refused()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var request = Request("Hello", 4);
        Refused(request with { Emitted = new[] { 300, 301, 302, 303, 304, 305 } }, "Emitted has 6 tokens and MaxTokens is 4");
        Refused(request with { Emitted = new[] { 300, 301, 302, 303, 304 } }, "Emitted goes on after the answer had come to its end");
        Refused(request with { Emitted = new[] { TestModels.F32.EndToken, 301 } }, "Emitted goes on after the answer had come to its end");
        Refused(request with { Emitted = new[] { 9_999 } }, "9999");
        Refused(request with { Grammar = "root ::= \"yes\"", Emitted = TestModels.F32.Tokenize("no", addSpecial: false) }, "does not follow the grammar");
        Assert.Equal(4, (await Drain(engine.Submit(request))).Count);

        void Refused(GenerationRequest wrong, string sentence)
        {
            var exception = Assert.Throws<LlamaException>(() => engine.Submit(wrong));
            Assert.Equal(LlamaError.InvalidRequest, exception.Error);
            Assert.Contains(sentence, exception.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<GenerationRequest> RequestAsync(string kind, LlamaModel model, LlamaCppEngine engine)
    {
        var sampled = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = 5, IgnoreEnd = true };
        var request = Request("Tell me of the sea", 24, key: kind, model);
        switch (kind)
        {
            case "greedy":
                return request;
            case "penalties":
                return request with { Sampling = sampled with { RepeatPenalty = 1.4f, FrequencyPenalty = 0.5f, PresencePenalty = 0.5f, PenaltyWindow = 12 } };
            case "bias":
                return request with { Sampling = sampled with { LogitBias = new Dictionary<int, float> { [310] = 4 }, ForbiddenTokens = [311, 312] } };
            case "grammar":
                return request with { MaxTokens = 120, Sampling = sampled with { IgnoreEnd = false }, Grammar = Grammar };
            case "schema":
                return request with
                {
                    MaxTokens = 120,
                    Sampling = sampled with { IgnoreEnd = false },
                    JsonSchema = """{"type":"object","properties":{"name":{"type":"string","maxLength":6},"done":{"type":"boolean"}},"required":["name","done"]}""",
                };
            case "stop":
                // A stop text that begins in one token and ends in another, so that text is held back before it.
                var (told, _) = await ReadAsync(engine, request with { Sampling = sampled });
                var text = string.Concat(told.Select(token => token.Text));
                var at = string.Concat(told.Take(16).Select(token => token.Text)).Length;
                return request with { Sampling = sampled, StopTexts = [text[(at - 1)..(at + 1)], "never said"] };
            default:
                return request with { Sampling = sampled };
        }
    }

    private static Task<(List<TokenOutput> Tokens, GenerationResult Result)> ReadAsync(LlamaCppEngine engine, GenerationRequest request) => ReadAsync(engine.Submit(request));

    private static async Task<(List<TokenOutput> Tokens, GenerationResult Result)> ReadAsync(GenerationHandle handle)
    {
        var tokens = new List<TokenOutput>();
        await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            tokens.Add(token);
        return (tokens, await handle.Completion);
    }
}
