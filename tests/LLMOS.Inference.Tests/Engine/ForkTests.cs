using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class ForkTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fork_of_a_running_sequence_shares_its_cells_and_goes_on_as_it_would()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { OutputCapacity = 8 });
        var request = Request(Tokens(1, 120), 60, "parent");
        var whole = await Drain(engine.Submit(request with { Key = null }));

        var parent = engine.Submit(request);
        var said = new List<int>();
        for (var i = 0; i < 10; i++)
            said.Add((await parent.Tokens.ReadAsync(Cancelled)).Id);
        var forks = new List<ForkedSequence>();
        foreach (var child in new[] { "a", "b", "c" })
            forks.Add(await engine.ForkAsync("parent", child));
        Assert.All(forks, fork => Assert.InRange(fork.Tokens.Count, 130, 140));
        Assert.All(forks, fork => Assert.InRange(fork.SharedTokens, fork.Tokens.Count - 1, fork.Tokens.Count));
        await Until(() => engine.Statistics.Resident == 4);
        Assert.InRange(engine.Statistics.CellsUsed, 129, 142); // Not four times as many.

        var first = engine.Submit(request with { Key = "a", PromptTokens = forks[0].Tokens.ToArray(), MaxTokens = 180 - forks[0].Tokens.Count });
        var answer = await Drain(first);
        Assert.Equal(whole, forks[0].Tokens.Skip(120).Concat(answer));
        Assert.InRange((await first.Completion).CachedTokens, forks[0].Tokens.Count - 1, forks[0].Tokens.Count);

        // Another seed, another branch.
        var other = await Drain(engine.Submit(request with { Key = "b", PromptTokens = forks[1].Tokens.ToArray(), MaxTokens = 30, Sampling = new SamplingParameters { Temperature = 2, Seed = 9, IgnoreEnd = true } }));
        Assert.NotEqual(answer.Take(30), other);
        Assert.Equal(whole, [.. said, .. await Drain(parent)]);
        Assert.Equal(3, engine.Statistics.Residency.Forks);
    }

    [Fact]
    public async Task A_fork_outlives_its_parent()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var request = Request(Tokens(2, 90), 20, "parent");
        var answer = await Drain(engine.Submit(request));
        var fork = await engine.ForkAsync("parent", "child");
        engine.Release("parent");
        await Until(() => engine.Statistics.Resident == 1);
        Assert.Equal(109, engine.Statistics.CellsUsed);
        var again = engine.Submit(request with { Key = "child" });
        Assert.Equal(answer, await Drain(again));
        Assert.Equal(89, (await again.Completion).CachedTokens);
        Assert.Equal(109, fork.SharedTokens);
        engine.Release("child");
        await Until(() => engine.Statistics is { Resident: 0, CellsUsed: 0 });
    }

    [Fact]
    public async Task A_swapped_sequence_can_be_forked_and_both_come_back()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { MaxSequences = 1, HostCells = 4096, SwapInChoice = SwapInChoice.Restore });
        var request = Request(Tokens(3, 90), 20, "parent");
        var answer = await Drain(engine.Submit(request));
        await Drain(engine.Submit(Request(Tokens(4, 10), 2, "other")));
        var fork = await engine.ForkAsync("parent", "child");
        Assert.Equal(109, fork.SharedTokens);
        foreach (var key in new[] { "child", "parent" })
        {
            var again = engine.Submit(request with { Key = key });
            Assert.Equal(answer, await Drain(again));
            Assert.Equal(89, (await again.Completion).CachedTokens);
        }
    }

    [Fact]
    public async Task When_all_ids_are_taken_an_idle_sequence_makes_room_for_a_fork()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { MaxSequences = 2 });
        await Drain(engine.Submit(Request(Tokens(5, 40), 2, "parent")));
        await Drain(engine.Submit(Request(Tokens(6, 40), 2, "other")));
        Assert.Equal(41, (await engine.ForkAsync("parent", "child")).SharedTokens);
        Assert.Equal(41, await engine.CountCachedAsync("parent", [.. Tokens(5, 40), .. (await engine.ForkAsync("parent", "grandchild")).Tokens.Skip(40), 1, 2]));
        Assert.Equal(0, await engine.CountCachedAsync("other", Tokens(6, 40)));
    }

    [Fact]
    public async Task Wrong_forks_are_refused_with_a_sentence()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        await Drain(engine.Submit(Request(Tokens(7, 40), 2, "parent")));
        await Sentences.RefusedAsync(LlamaError.InvalidRequest, () => engine.ForkAsync("unknown", "child"), "'unknown'");
        await Sentences.RefusedAsync(LlamaError.InvalidRequest, () => engine.ForkAsync("parent", "parent"), "'parent'", "already");
    }
}
