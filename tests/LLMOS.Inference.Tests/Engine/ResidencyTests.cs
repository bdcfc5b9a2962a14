using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class ResidencyTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_turn_of_a_key_computes_only_what_is_new_and_says_the_same()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var turn = Engines.Request("You are a helpful process. First question.", 20, key: "p1");
        var answer = await GenerationTests.Ids(engine, turn);
        var next = turn with { PromptTokens = turn.PromptTokens.ToArray().Concat(answer).Concat(TestModels.F32.Tokenize(" Second question.", addSpecial: false)).ToArray() };

        var warm = engine.Submit(next);
        var warmIds = await Drain(warm);
        var cold = engine.Submit(next with { Key = "another" });
        var coldIds = await Drain(cold);

        Assert.Equal(coldIds, warmIds);
        Assert.Equal(turn.PromptTokens.Length + answer.Count - 1, (await warm.Completion).CachedTokens);
        Assert.Equal(0, (await cold.Completion).CachedTokens);
        Assert.Equal((await warm.Completion).CachedTokens, engine.Statistics.CachedPromptTokens);
    }

    [Fact]
    public async Task A_turn_that_parts_from_the_last_reuses_the_common_beginning()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var first = Engines.Request("One common beginning and then the first end", 10, key: "p1");
        await Drain(engine.Submit(first));
        var second = Engines.Request("One common beginning and then quite another end", 10, key: "p1");
        var common = first.PromptTokens.Span.CommonPrefixLength(second.PromptTokens.Span);
        Assert.InRange(common, 3, second.PromptTokens.Length - 1);

        var warm = engine.Submit(second);
        var ids = await Drain(warm);
        Assert.Equal(common, (await warm.Completion).CachedTokens);
        Assert.Equal(await GenerationTests.Ids(engine, second with { Key = null }), ids);
    }

    [Fact]
    public async Task The_very_same_prompt_computes_its_last_token_alone()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var request = Engines.Request("The very same prompt", 10, key: "p1");
        var first = await GenerationTests.Ids(engine, request);
        var again = engine.Submit(request);
        Assert.Equal(first, await Drain(again));
        Assert.Equal(request.PromptTokens.Length - 1, (await again.Completion).CachedTokens);
    }

    [Fact]
    public async Task What_was_computed_before_a_cancel_is_reused()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var request = Engines.Request("A prompt that is cancelled in the middle", 500, key: "p1");
        var handle = engine.Submit(request);
        await handle.Tokens.ReadAsync(Cancelled);
        handle.Cancel();
        await handle.Completion;
        var again = engine.Submit(request with { MaxTokens = 5 });
        await Drain(again);
        Assert.Equal(request.PromptTokens.Length - 1, (await again.Completion).CachedTokens);
    }

    [Fact]
    public async Task Requests_of_one_key_run_one_after_another()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var handles = Enumerable.Range(0, 5).Select(i => engine.Submit(Engines.Request($"Turn {i}", 10, key: "p1"))).ToList();
        for (var i = 0; i < handles.Count; i++)
        {
            await handles[i].Tokens.ReadAsync(Cancelled);
            Assert.True(i == 0 || handles[i - 1].Completion.IsCompleted, $"turn {i} began before the one before it had ended");
        }
        await Task.WhenAll(handles.Select(handle => handle.Completion));
        await Until(() => engine.Statistics.Active == 0);
        Assert.Equal(1, engine.Statistics.Resident);
    }

    [Fact]
    public async Task Nobodys_sequence_leaves_nothing_and_a_released_key_gives_its_cells_back()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        await Drain(engine.Submit(Engines.Request("nobody's", 5)));
        await Until(() => engine.Statistics is { Resident: 0, CellsUsed: 0 });
        await Drain(engine.Submit(Engines.Request("mine", 5, key: "p1")));
        await Until(() => engine.Statistics is { Resident: 1, Active: 0, CellsUsed: > 0, CellsReserved: 0 });
        engine.Release("p1");
        engine.Release("unknown");
        await Until(() => engine.Statistics is { Resident: 0, CellsUsed: 0 });
    }

    [Fact]
    public async Task Releasing_a_key_cancels_what_runs_and_waits_under_it()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small);
        var running = engine.Submit(Engines.Request("x", 1500, key: "p1"));
        var waiting = engine.Submit(Engines.Request("x", 10, key: "p1"));
        await running.Tokens.ReadAsync(Cancelled);
        engine.Release("p1");
        Assert.Equal(StopReason.Cancelled, (await running.Completion).StopReason);
        Assert.Equal(StopReason.Cancelled, (await waiting.Completion).StopReason);
        await Until(() => engine.Statistics.Resident == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task Under_pressure_the_longest_unused_make_room_and_come_back_saying_the_same(int hostCells)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 512, HostCells = hostCells });
        var prompts = Enumerable.Range(0, 12).Select(i => Engines.Request($"Process {i} has a prompt of its own, with some words more in it.", 60, key: $"p{i}")).ToList();
        var first = new List<List<int>>();
        foreach (var prompt in prompts)
            first.Add(await Drain(engine.Submit(prompt)));
        var pressed = engine.Statistics;
        Assert.True(pressed.Evictions + pressed.SwapsOut > 0);
        Assert.True(pressed.CellsUsed <= pressed.CellsTotal);

        var oldest = engine.Submit(prompts[0]);
        Assert.Equal(first[0], await Drain(oldest));
        Assert.Equal(hostCells > 0 ? prompts[0].PromptTokens.Length - 1 : 0, (await oldest.Completion).CachedTokens);
        Assert.Equal(hostCells > 0, engine.Statistics.SwapsIn > 0);
    }

    [Fact]
    public async Task When_ids_run_out_the_longest_unused_makes_room()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { MaxSequences = 2 });
        foreach (var key in new[] { "a", "b", "c", "d" })
            await Drain(engine.Submit(Engines.Request("x", 3, key)));
        await Until(() => engine.Statistics.Active == 0);
        Assert.Equal(2, engine.Statistics.Resident);
        Assert.Equal(2, engine.Statistics.Evictions);
    }

    /// <summary>An endless mix of keys, cancels and releases leaves no cell behind.</summary>
    [Fact]
    public async Task A_random_mix_of_turns_cancels_and_releases_leaves_nothing_behind()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { ContextCells = 1024, MaxSequences = 10, HostCells = 300 });
        var random = new Random(4);
        var running = new List<GenerationHandle>();
        for (var i = 0; i < 150; i++)
        {
            var key = random.Next(4) == 0 ? null : $"p{random.Next(12)}";
            var handle = engine.Submit(Engines.Request(string.Concat(Enumerable.Repeat("word ", random.Next(1, 40))), random.Next(1, 60), key));
            running.Add(handle);
            if (random.Next(5) == 0)
                running[random.Next(running.Count)].Cancel();
            if (random.Next(10) == 0)
                engine.Release($"p{random.Next(12)}");
            if (random.Next(3) == 0)
                await running[random.Next(running.Count)].Completion;
        }
        await Task.WhenAll(running.Select(handle => handle.Completion));
        for (var i = 0; i < 12; i++)
            engine.Release($"p{i}");
        await Until(() => engine.Statistics is { Resident: 0, CellsUsed: 0, CellsReserved: 0, Active: 0, Waiting: 0 });
        Assert.Null(engine.Statistics.Failure);
    }
}
