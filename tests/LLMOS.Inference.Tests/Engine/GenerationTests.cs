using System.Text;

namespace LLMOS.Inference.Tests.Engine;

public sealed class GenerationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_streams_the_tokens_it_counts()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var handle = engine.Submit(Engines.Request("Once upon a time", 16));
        var tokens = new List<TokenOutput>();
        await foreach (var token in handle.ReadAllAsync(Cancelled))
            tokens.Add(token);
        var result = await handle.Completion;

        Assert.Equal(16, tokens.Count);
        Assert.Equal(16, result.CompletionTokens);
        Assert.Equal(StopReason.Length, result.StopReason);
        Assert.Equal(0, result.CachedTokens);
        Assert.Equal(TestModels.F32.Tokenize("Once upon a time").Length, result.PromptTokens);
        Assert.InRange(result.TimeToFirstToken, TimeSpan.FromTicks(1), result.QueueTime + result.EngineTime);
        Assert.Equal(TestModels.F32.Detokenize([.. tokens.Select(token => token.Id)]).TrimStart(), string.Concat(tokens.Select(token => token.Text)).TrimStart());

        var statistics = engine.Statistics;
        Assert.Equal(16, statistics.DecodedTokens);
        Assert.Equal(result.PromptTokens, statistics.PrefilledTokens);
        Assert.Null(statistics.Failure);
        Assert.True(statistics.TokensPerSecond > 0);
    }

    [Fact]
    public async Task Characters_split_over_tokens_come_out_whole()
    {
        var model = TestModels.Multibyte;
        await using var engine = new LlamaCppEngine(model, Engines.Small);
        var handles = Enumerable.Range(0, 8).Select(i => engine.Submit(new GenerationRequest
        {
            PromptTokens = model.Tokenize($"Write character {i}"),
            MaxTokens = 80,
            Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = (ulong)i, IgnoreEnd = true },
        })).ToList();
        var split = 0;
        foreach (var handle in handles)
        {
            var tokens = new List<TokenOutput>();
            await foreach (var token in handle.ReadAllAsync(Cancelled))
                tokens.Add(token);
            var bytes = tokens.SelectMany(token => model.Vocabulary.Piece(token.Id).Bytes).ToArray();
            Assert.Equal(Encoding.UTF8.GetString(bytes), string.Concat(tokens.Select(token => token.Text)));
            Assert.All(tokens.SkipLast(1), token => Assert.DoesNotContain('\uFFFD', token.Text));
            split += tokens.Count(token => token.Text.Length == 0);
        }
        Assert.True(split > 0, "the model wrote no character of several tokens, so nothing was tested");
    }

    [Fact]
    public async Task The_same_request_and_seed_give_the_same_text_and_another_seed_another()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        Task<string> Text(ulong seed) => Read(engine, Engines.Request("Tell me a story", 24) with
        {
            Sampling = new SamplingParameters { Temperature = 1, Seed = seed, IgnoreEnd = true },
        });
        var first = await Text(1);
        Assert.Equal(first, await Text(1));
        Assert.NotEqual(first, await Text(2));
    }

    /// <summary>Draws depend on seed and position, so a generation can be cut and taken up from its tokens.</summary>
    [Fact]
    public async Task A_generation_taken_up_from_its_tokens_goes_on_as_it_would_have()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var request = Engines.Request("Tell me a story", 30) with { Sampling = new SamplingParameters { Temperature = 1, Seed = 7, IgnoreEnd = true } };
        var whole = await Ids(engine, request);
        var rest = await Ids(engine, request with { PromptTokens = request.PromptTokens.ToArray().Concat(whole.Take(10)).ToArray(), MaxTokens = 20 });
        Assert.Equal(whole.Skip(10), rest);
    }

    /// <summary>
    /// Sequences do not leak into each other. The last bits of the logits do depend on the batch's shape, so once in a while a close race between
    /// two tokens may go the other way; a mix-up would change them all.
    /// </summary>
    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public async Task Texts_are_the_same_alone_and_in_a_crowd(float temperature)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var requests = Enumerable.Range(0, 12).Select(i => Engines.Request($"Prompt number {i} {new string('.', i)}", 24) with
        {
            Sampling = new SamplingParameters { Temperature = temperature, Seed = (ulong)i, IgnoreEnd = true },
        }).ToList();
        var alone = new List<List<int>>();
        foreach (var request in requests)
            alone.Add(await Ids(engine, request));
        var crowd = await Task.WhenAll(requests.Select(request => Ids(engine, request)));
        Assert.InRange(alone.Zip(crowd).Count(pair => pair.First.SequenceEqual(pair.Second)), 10, 12);
    }

    [Fact]
    public async Task A_stop_text_ends_the_text_before_it()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var request = Engines.Request("Tell me a story", 40);
        var text = await Read(engine, request);
        var stop = text[(text.Length / 2)..((text.Length / 2) + 5)];

        var handle = engine.Submit(request with { StopTexts = ["never in there ", stop] });
        var shown = new StringBuilder();
        await foreach (var token in handle.ReadAllAsync(Cancelled))
            shown.Append(token.Text);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], shown.ToString());
        var result = await handle.Completion;
        Assert.Equal(StopReason.StopText, result.StopReason);
        Assert.InRange(result.CompletionTokens, 1, 39);
    }

    [Fact]
    public async Task An_end_token_ends_the_text_and_is_not_shown()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var end = TestModels.F32.EndTokens[0];
        var handle = engine.Submit(Engines.Request("x", 10) with { Sampling = SamplingParameters.Greedy with { LogitBias = new Dictionary<int, float> { [end] = 1000 } } });
        var result = await handle.Completion;
        Assert.Equal(StopReason.EndOfText, result.StopReason);
        Assert.Equal(0, result.CompletionTokens);
        Assert.False(handle.Tokens.TryRead(out _));
    }

    [Fact]
    public async Task When_nothing_may_be_sampled_the_text_ends()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        int[] nothing = [.. Enumerable.Range(0, TestModels.F32.VocabularySize)];
        var result = await engine.Submit(Engines.Request("x", 10) with { Sampling = SamplingParameters.Greedy with { ForbiddenTokens = nothing } }).Completion;
        Assert.Equal(StopReason.EndOfText, result.StopReason);
    }

    [Fact]
    public async Task Log_probabilities_come_with_the_tokens_and_change_none()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var request = Engines.Request("Tell me a story", 20);
        var plain = engine.Submit(request);
        var ids = new List<int>();
        await foreach (var token in plain.ReadAllAsync(Cancelled))
        {
            Assert.Null(token.LogProbabilities);
            ids.Add(token.Id);
        }
        Assert.Null((await plain.Completion).LogProbability);

        var handle = engine.Submit(request with { Sampling = request.Sampling with { TopLogProbabilities = 20 } });
        var sum = 0.0;
        var count = 0;
        await foreach (var token in handle.ReadAllAsync(Cancelled))
        {
            var probabilities = token.LogProbabilities!;
            Assert.Equal(ids[count++], token.Id);
            Assert.Equal(20, probabilities.Top.Count);
            Assert.Equal(probabilities.Top.OrderByDescending(top => top.LogProbability), probabilities.Top);
            Assert.InRange(probabilities.Top.Sum(top => Math.Exp(top.LogProbability)), 0.0, 1.0);
            Assert.InRange(probabilities.Chosen, probabilities.Top[^1].LogProbability - 50, 0);
            sum += probabilities.Chosen;
        }
        var result = await handle.Completion;
        Assert.Equal(20, count);
        Assert.Equal(sum, result.LogProbability!.Value, 1e-9);
    }

    [Fact]
    public async Task Wrong_requests_are_refused_with_a_sentence()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var good = Engines.Request("x", 10);
        void Refused(LlamaError error, GenerationRequest request, params string[] parts) => Sentences.Refused(error, () => engine.Submit(request), parts);

        Refused(LlamaError.InvalidRequest, good with { PromptTokens = ReadOnlyMemory<int>.Empty }, "no tokens");
        Refused(LlamaError.InvalidRequest, good with { MaxTokens = 0 }, "MaxTokens is 0");
        Refused(LlamaError.InvalidRequest, good with { PromptTokens = new[] { -1 } }, "Token -1");
        Refused(LlamaError.InvalidRequest, good with { PromptTokens = new[] { 1024 } }, "Token 1024", "0 to 1023");
        Refused(LlamaError.InvalidRequest, good with { Priority = 20 }, "Priority is 20");
        Refused(LlamaError.InvalidRequest, good with { Weight = 0 }, "Weight is 0");
        Refused(LlamaError.InvalidRequest, good with { Weight = double.NaN }, "Weight is NaN");
        Refused(LlamaError.InvalidRequest, good with { StopTexts = [""] }, "stop text is empty");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { Temperature = float.NaN } }, "Temperature is NaN");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { TopP = 0 } }, "TopP is 0");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { RepeatPenalty = 0 } }, "RepeatPenalty is 0");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { LogitBias = new Dictionary<int, float> { [5000] = 1 } } }, "5000", "0 to 1023");
        foreach (var bias in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { LogitBias = new Dictionary<int, float> { [5] = bias } } }, "LogitBias of token 5", "ForbiddenTokens");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { ForbiddenTokens = [3, 1024] } }, "ForbiddenTokens", "1024");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { TopLogProbabilities = 21 } }, "TopLogProbabilities is 21", "0 to 20");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { TopLogProbabilities = -1 } }, "TopLogProbabilities is -1");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { MinP = 1.5f } }, "MinP is 1.5");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { FrequencyPenalty = float.NaN } }, "FrequencyPenalty is NaN");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { PresencePenalty = float.PositiveInfinity } }, "PresencePenalty is Infinity");
        Refused(LlamaError.InvalidRequest, good with { Sampling = new SamplingParameters { PenaltyWindow = -1 } }, "PenaltyWindow is -1");
        Refused(LlamaError.InvalidRequest, good with { Grammar = "root ::= \"a\"", JsonSchema = "true" }, "grammar and a JSON schema");
        Refused(LlamaError.SchemaInvalid, good with { JsonSchema = "{" }, "not JSON", "line 1");
        Refused(LlamaError.SchemaInvalid, good with { JsonSchema = """{"properties":{"n":{"multipleOf":3}}}""" }, "$.properties.n.multipleOf");
        Refused(LlamaError.TooLong, good with { PromptTokens = new int[2000], MaxTokens = 49 }, "2000 tokens", "49 tokens", "2048");
        Refused(LlamaError.TooLong, good with { MaxTokens = int.MaxValue }, "2147483647");
        Assert.Equal(0, engine.Statistics.Steps);
    }

    [Fact]
    public void Wrong_options_are_refused_with_a_sentence()
    {
        Sentences.Refused(LlamaError.InvalidRequest, () => _ = new LlamaCppEngine(TestModels.F32, new EngineOptions { StepTokens = 0 }), "StepTokens is 0");
        Sentences.Refused(LlamaError.InvalidRequest, () => _ = new LlamaCppEngine(TestModels.F32, new EngineOptions { MaxSequences = 257 }), "MaxSequences is 257");
        Sentences.Refused(LlamaError.InvalidRequest, () => _ = new LlamaCppEngine(TestModels.F32, new EngineOptions { Threads = -1 }), "Threads is -1");
    }

    [Fact]
    public async Task A_step_of_one_token_works()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { StepTokens = 1 });
        var wide = await Ids(engine, Engines.Request("Tell me a story", 8));
        await using var usual = new LlamaCppEngine(TestModels.F32, Engines.Small);
        Assert.Equal(await Ids(usual, Engines.Request("Tell me a story", 8)), wide);
    }

    internal static async Task<string> Read(LlamaCppEngine engine, GenerationRequest request)
    {
        var text = new StringBuilder();
        await foreach (var token in engine.Submit(request).ReadAllAsync(Cancelled))
            text.Append(token.Text);
        return text.ToString();
    }

    internal static async Task<List<int>> Ids(LlamaCppEngine engine, GenerationRequest request)
    {
        var ids = new List<int>();
        await foreach (var token in engine.Submit(request).ReadAllAsync(Cancelled))
            ids.Add(token.Id);
        return ids;
    }
}
