namespace LLMOS.Inference.Tests.Engine;

public sealed class BatchingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(64)]
    [InlineData(240)]
    public async Task Many_requests_at_once_share_the_steps(int requests)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 16_384 });
        var handles = Enumerable.Range(0, requests).Select(i => engine.Submit(Engines.Request($"Request number {i}", 12, key: $"p{i}"))).ToList();
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));

        Assert.All(results, result => Assert.Equal(12, result.CompletionTokens));

        // A request completes within a step, and the step is counted when it ends.
        await Engines.Until(() => engine.Statistics is { Waiting: 0, Active: 0 });
        var statistics = engine.Statistics;
        Assert.Equal(12 * requests, statistics.DecodedTokens);
        Assert.True(statistics.Steps < 12 * requests / 4, $"{statistics.Steps} steps for {requests} requests of 12 tokens are not batched");
    }

    [Fact]
    public async Task More_requests_than_sequences_or_cells_wait_and_all_end()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 512, MaxSequences = 8 });
        var handles = Enumerable.Range(0, 40).Select(i => engine.Submit(Engines.Request($"Request number {i}", 100))).ToList();
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));
        Assert.All(results, result => Assert.Equal(100, result.CompletionTokens));
        Assert.True(results[^1].QueueTime > results[0].QueueTime);
    }

    [Fact]
    public async Task A_cancelled_sequence_stops_within_two_steps_and_the_others_go_on()
    {
        // The bounded output keeps the sequence from ending before a starved test gets to cancel it.
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 8192, OutputCapacity = 32 });
        var others = Enumerable.Range(0, 7).Select(i => GenerationTests.Ids(engine, Engines.Request($"Request number {i}", 300))).ToList();
        var handle = engine.Submit(Engines.Request("The one that is cancelled", 800));
        for (var i = 0; i < 5; i++)
            await handle.Tokens.ReadAsync(Cancelled);
        handle.Cancel();
        handle.Cancel();
        var cancelled = await handle.Completion;
        Assert.Equal(StopReason.Cancelled, cancelled.StopReason);
        Assert.InRange(cancelled.StepsAfterCancel, 0, 1);
        Assert.InRange(cancelled.CompletionTokens, 5, 37);
        Assert.All(await Task.WhenAll(others), ids => Assert.Equal(300, ids.Count));
    }

    [Fact]
    public async Task A_reader_that_goes_away_stops_its_sequence_within_two_steps()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var handle = engine.Submit(Engines.Request("Tell me a story", 1500));
        await foreach (var _ in handle.ReadAllAsync(Cancelled))
            break;
        var result = await handle.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.InRange(result.StepsAfterCancel, 0, 1);
    }

    [Fact]
    public async Task A_waiting_request_can_be_cancelled()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 512 });
        var running = engine.Submit(Engines.Request("x", 500, key: "a"));
        var waiting = engine.Submit(Engines.Request("x", 500, key: "b"));
        var behind = engine.Submit(Engines.Request("x", 5, key: "a"));
        behind.Cancel();
        waiting.Cancel();
        Assert.Equal(StopReason.Cancelled, (await waiting.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).StopReason);
        Assert.Equal(0, (await behind.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancelled)).CompletionTokens);
        running.Cancel();
        await running.Completion;
    }

    [Fact]
    public async Task A_slow_reader_pauses_its_own_sequence_alone()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { OutputCapacity = 10 });
        var slow = engine.Submit(Engines.Request("A slow reader", 100));
        var quick = await GenerationTests.Ids(engine, Engines.Request("A quick reader", 200));
        Assert.Equal(200, quick.Count);
        Assert.Equal(10, slow.Tokens.Count);
        Assert.False(slow.Completion.IsCompleted);

        var rest = new List<TokenOutput>();
        await foreach (var token in slow.ReadAllAsync(Cancelled))
            rest.Add(token);
        Assert.Equal(100, rest.Count);
        Assert.Equal(StopReason.Length, (await slow.Completion).StopReason);
    }

    [Fact]
    public async Task A_long_prompt_does_not_stall_a_stream()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { PrefillTokensBesideDecode = 32, OutputCapacity = 2000 });
        var stream = engine.Submit(Engines.Request("A stream", 400));
        await stream.Tokens.ReadAsync(Cancelled);
        var prompt = Enumerable.Repeat(TestModels.F32.Tokenize("word", addSpecial: false)[0], 1000).ToArray();
        var before = engine.Statistics;
        var waiting = engine.Submit(Engines.Request("x", 1) with { PromptTokens = prompt });
        await waiting.Completion;
        var after = engine.Statistics;
        Assert.True(stream.Completion.IsCompleted || after.DecodedTokens - before.DecodedTokens >= 1000 / 32, "the stream got fewer tokens than the prompt took steps");
        Assert.True(after.Steps - before.Steps >= 1000 / 256);
        stream.Cancel();
        await stream.Completion;
    }
}
