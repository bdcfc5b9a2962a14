using LLMOS.Inference.Tests.Interop;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>An engine that breaks down begins anew, and its sequences go on. The breakdowns are llama.cpp's own failed assertions, or what a decode may return.</summary>
public sealed class RestartTests
{
    /// <summary>A token that no other prompt here has.</summary>
    private const int Poison = 299;

    private const int DecodeFailed = -3;

    private static readonly EngineOptions Exact = Small with { FullPrecisionAttention = true };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 100_000)]
    [InlineData(true, 100_000)]
    public async Task Sequences_go_on_from_their_tokens_as_if_nothing_had_happened(bool asserts, int hostCells)
    {
        var requests = Mixed();
        var expected = await Undisturbed(requests);
        var decodes = 0;
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with
        {
            // Fewer places than requests: some wait, some are swapped out when it happens.
            MaxSequences = 4,
            Quantum = 8,
            HostCells = hostCells,
            Faults = new NativeFaults { BeforeDecode = _ => ++decodes is 15 or 40 ? Break(asserts) : 0 },
        });
        var handles = requests.Select(engine.Submit).ToList();
        var answers = await Task.WhenAll(handles.Select(Read));
        Assert.Equal(expected, answers);
        foreach (var (handle, answer) in handles.Zip(answers))
        {
            var result = await handle.Completion;
            Assert.Equal((StopReason.Length, answer.Count), (result.StopReason, result.CompletionTokens));
        }
        var statistics = engine.Statistics;
        Assert.Null(statistics.Failure);
        Assert.Equal(2, statistics.Restarts);
        Assert.Equal(2, statistics.Residency.Fallbacks[SwapFallback.Restarted]);
        Assert.Contains(asserts ? "GGML_ASSERT" : "result -3", statistics.LastRestart, StringComparison.Ordinal);
        Assert.Equal(expected[0], await Read(engine.Submit(requests[0])));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_sequence_that_breaks_the_engine_each_time_is_found_and_ends_alone(bool asserts)
    {
        var requests = Mixed();
        var expected = await Undisturbed(requests);
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with
        {
            Faults = new NativeFaults { BeforeDecode = batch => batch.Tokens.Contains(Poison) ? Break(asserts) : 0 },
        });
        var handles = requests.Select(engine.Submit).ToList();
        var poisoned = engine.Submit(Request([.. Tokens(90, 10), Poison, .. Tokens(91, 10)], 10, "poisoned"));
        await Sentences.RefusedAsync(LlamaError.SequenceFailed, () => poisoned.Completion.WaitAsync(Cancelled), "21 tokens", "breaks the engine down");
        Assert.Equal(expected, await Task.WhenAll(handles.Select(Read)));
        Assert.Equal(2, engine.Statistics.Restarts);
        Assert.Null(engine.Statistics.Failure);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_that_breaks_down_again_and_again_ends_with_the_reason(bool asserts)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { MaxRestarts = 2, Faults = new NativeFaults { BeforeDecode = _ => Break(asserts) } });
        var handles = Mixed().Select(engine.Submit).ToList();
        var ends = await Task.WhenAll(handles.Select(handle => Assert.ThrowsAsync<LlamaException>(() => handle.Completion.WaitAsync(Cancelled))));
        Assert.Contains(ends, end => end.Error == LlamaError.EngineFailed);
        Assert.All(ends, end => Assert.True(end.Error is LlamaError.EngineFailed or LlamaError.SequenceFailed));
        await Until(() => engine.Statistics.Failure is not null);
        Assert.Contains("3 times within a minute", engine.Statistics.Failure, StringComparison.Ordinal);
        Sentences.Refused(LlamaError.EngineFailed, () => engine.Submit(Request("x", 1)), "3 times within a minute");
    }

    [Fact]
    public async Task Without_restarts_the_first_breakdown_is_the_end()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { MaxRestarts = 0, Faults = new NativeFaults { BeforeDecode = _ => DecodeFailed } });
        await Sentences.RefusedAsync(LlamaError.EngineFailed, () => engine.Submit(Request("x", 5)).Completion.WaitAsync(Cancelled), "1 times within a minute", "result -3");
    }

    [Fact]
    public async Task A_batch_that_is_refused_costs_the_sequence_that_it_is_refused_for()
    {
        var requests = Mixed();
        var expected = await Undisturbed(requests);
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { Faults = new NativeFaults { BeforeDecode = batch => batch.Tokens.Contains(Poison) ? -1 : 0 } });
        var handles = requests.Select(engine.Submit).ToList();
        var poisoned = engine.Submit(Request([.. Tokens(90, 10), Poison], 10, "poisoned"));
        await Sentences.RefusedAsync(LlamaError.SequenceFailed, () => poisoned.Completion.WaitAsync(Cancelled), "refused");
        Assert.Equal(expected, await Task.WhenAll(handles.Select(Read)));
        Assert.Equal(0, engine.Statistics.Restarts);
    }

    [Fact]
    public async Task A_model_that_takes_no_new_context_is_loaded_again()
    {
        var requests = Mixed();
        var expected = await Undisturbed(requests);
        var (decodes, contexts) = (0, 0);
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with
        {
            Faults = new NativeFaults
            {
                BeforeDecode = _ => ++decodes == 20 ? DecodeFailed : 0,
                RefusesContext = model => contexts++ > 0 && model == TestModels.F32,
            },
        });
        Assert.Equal(expected, await Task.WhenAll(requests.Select(request => Read(engine.Submit(request)))));
        Assert.Equal(3, contexts);
        Assert.Equal(1, engine.Statistics.Restarts);
        Assert.Single(await engine.EmbedAsync(["a text"], Cancelled));
    }

    [Fact]
    public async Task A_model_that_takes_no_context_at_all_any_more_ends_the_engine_with_a_reason()
    {
        var contexts = 0;
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with
        {
            Faults = new NativeFaults { BeforeDecode = _ => DecodeFailed, RefusesContext = _ => contexts++ > 0 },
        });
        await Sentences.RefusedAsync(LlamaError.EngineFailed, () => engine.Submit(Request("x", 5)).Completion.WaitAsync(Cancelled), "could not make a context");
    }

    [Fact]
    public async Task Embedding_that_breaks_down_once_is_done_again_and_costs_no_sequence_its_place()
    {
        float[][] expected;
        await using (var undisturbed = new LlamaCppEngine(TestModels.F32, Exact))
            expected = await undisturbed.EmbedAsync(["one", "two"], Cancelled);
        var batches = 0;
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { Faults = new NativeFaults { BeforeEmbedding = _ => ++batches == 1 ? Break(asserts: true) : 0 } });
        var handle = engine.Submit(Request(Tokens(60, 40), 40, "p"));
        await handle.Tokens.WaitToReadAsync(Cancelled);
        Assert.Equal(expected, await engine.EmbedAsync(["one", "two"], Cancelled));
        await Drain(handle);
        Assert.Equal(1, engine.Statistics.Restarts);
        Assert.Empty(engine.Statistics.Residency.Fallbacks);
    }

    [Fact]
    public async Task Texts_that_break_the_embedder_each_time_are_refused_and_others_are_not()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact with { Faults = new NativeFaults { BeforeEmbedding = batch => batch.Count > 20 ? Break(asserts: true) : 0 } });
        var longText = string.Concat(Enumerable.Repeat("word ", 60));
        await Sentences.RefusedAsync(LlamaError.SequenceFailed, () => engine.EmbedAsync([longText], Cancelled), "One of 1 texts", "GGML_ASSERT");
        Assert.Single(await engine.EmbedAsync(["x"], Cancelled));
        Assert.Equal(2, engine.Statistics.Restarts);
    }

    [Fact]
    public async Task An_engine_is_disposed_of_after_a_breakdown_as_before()
    {
        var decodes = 0;
        var engine = new LlamaCppEngine(TestModels.F32, Exact with { Faults = new NativeFaults { BeforeDecode = _ => ++decodes == 5 ? Break(asserts: true) : 0 } });
        var handle = engine.Submit(Request(Tokens(61, 40), 400, "p"));
        await Until(() => engine.Statistics.Restarts == 1);
        await engine.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await Sentences.RefusedAsync(LlamaError.EngineStopped, () => handle.Completion, "stopped");
    }

    /// <summary>Greedy and seeded, some of the same domain and with a beginning in common.</summary>
    private static List<GenerationRequest> Mixed() =>
    [
        .. Enumerable.Range(0, 8).Select(i => Request([.. Tokens(i < 4 ? 70 : 71 + i, 40), .. Tokens(80 + i, 7)], 30, $"p{i}", i < 4 ? "users" : null) with
        {
            Priority = 8 + (i % 4),
            Sampling = new SamplingParameters { Temperature = i % 2, TopK = 0, TopP = 1, Seed = (ulong)i, IgnoreEnd = true },
        }),
    ];

    private static async Task<List<List<string>>> Undisturbed(List<GenerationRequest> requests)
    {
        var answers = new List<List<string>>();
        await using var engine = new LlamaCppEngine(TestModels.F32, Exact);
        foreach (var request in requests)
            answers.Add(await Read(engine.Submit(request with { Key = null })));
        return answers;
    }

    private static int Break(bool asserts) => asserts ? NativeAbortTests.DecodeMoreThanABatch() : DecodeFailed;

    /// <summary>Tokens and texts as they came.</summary>
    private static async Task<List<string>> Read(GenerationHandle handle)
    {
        var tokens = new List<string>();
        await foreach (var token in handle.ReadAllAsync(Cancelled))
            tokens.Add($"{token.Id} {token.Text}");
        return tokens;
    }
}
