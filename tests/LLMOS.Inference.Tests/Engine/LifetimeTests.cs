namespace LLMOS.Inference.Tests.Engine;

public sealed class LifetimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_in_the_middle_ends_every_generation_with_a_reason()
    {
        var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 1024 });
        var handles = Enumerable.Range(0, 20).Select(i => engine.Submit(Engines.Request($"Request {i}", 400, key: $"p{i % 10}"))).ToList();
        await handles[0].Tokens.ReadAsync(Cancelled);
        await engine.DisposeAsync().AsTask().WaitAsync(Limit, Cancelled);

        foreach (var handle in handles)
            await Sentences.RefusedAsync(LlamaError.EngineStopped, () => handle.Completion, "stopped");
        await Assert.ThrowsAsync<LlamaException>(async () =>
        {
            await foreach (var _ in handles[1].ReadAllAsync(Cancelled))
            {
            }
        });
        Sentences.Refused(LlamaError.EngineStopped, () => engine.Submit(Engines.Request("x", 1)), "stopped");
        await Sentences.RefusedAsync(LlamaError.EngineStopped, () => engine.EmbedAsync(["x"], Cancelled), "stopped");
        handles[2].Cancel();
        await engine.DisposeAsync().AsTask().WaitAsync(Limit, Cancelled);
    }

    [Fact]
    public async Task Disposing_an_idle_engine_and_one_whose_reader_is_gone_does_not_hang()
    {
        await new LlamaCppEngine(TestModels.F32, Engines.Small).DisposeAsync().AsTask().WaitAsync(Limit, Cancelled);
        var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { OutputCapacity = 1 });
        var paused = engine.Submit(Engines.Request("nobody reads this", 100));
        await paused.Tokens.WaitToReadAsync(Cancelled);
        await engine.DisposeAsync().AsTask().WaitAsync(Limit, Cancelled);
        Assert.True(paused.Completion.IsFaulted);
    }

    [Fact]
    public async Task A_model_disposed_before_its_engine_stays_until_the_engine_is_gone()
    {
        var model = LlamaModel.Load(TestModels.Path(LLMOS.Inference.Gguf.GgmlType.Q8_0));
        var prompt = model.Tokenize("x");
        await using var engine = new LlamaCppEngine(model, Engines.Small);
        model.Dispose();
        var result = await engine.Submit(Engines.Request("x", 5) with { PromptTokens = prompt }).Completion;
        Assert.Equal(5, result.CompletionTokens);
    }

    [Fact]
    public async Task Two_engines_share_a_model()
    {
        await using var one = new LlamaCppEngine(TestModels.F32, Engines.Small);
        await using var two = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var texts = await Task.WhenAll(GenerationTests.Read(one, Engines.Request("same", 20)), GenerationTests.Read(two, Engines.Request("same", 20)));
        Assert.Equal(texts[0], texts[1]);
    }

    [Fact]
    public async Task A_planner_that_breaks_the_limits_ends_the_engine_with_a_reason()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { Planner = new Reckless() });
        var handle = engine.Submit(Engines.Request("x", 5));
        await Sentences.RefusedAsync(LlamaError.EngineFailed, () => handle.Completion, "failed");
        Sentences.Refused(LlamaError.EngineFailed, () => engine.Submit(Engines.Request("x", 5)), "failed");
        Assert.NotNull(engine.Statistics.Failure);
    }

    /// <summary>Swaps the same sequence in twice, which would break the engine's bookkeeping.</summary>
    private sealed class Reckless : LLMOS.Inference.Planning.IStepPlanner
    {
        public void Plan(ReadOnlySpan<LLMOS.Inference.Planning.SequenceState> sequences, in LLMOS.Inference.Planning.StepLimits limits, LLMOS.Inference.Planning.StepPlan plan)
        {
            plan.Clear();
            if (!sequences.IsEmpty)
                plan.SwapIn.Add(sequences.Length);
        }
    }
}
