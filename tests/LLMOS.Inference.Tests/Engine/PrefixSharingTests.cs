using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class PrefixSharingTests
{
    /// <summary>The goal figure: of 32 agents with 1,024 tokens in common and 64 of their own, what they have in common is computed once.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    public async Task What_many_have_in_common_is_computed_once(int maxSequences)
    {
        const int Agents = 32;
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { ContextCells = 4096, MaxSequences = maxSequences });
        var common = Tokens(1, 1024);
        var handles = Enumerable.Range(0, Agents)
            .Select(agent => engine.Submit(Request([.. common, .. Tokens(100 + agent, 64)], 4, $"agent {agent}", "users"))).ToList();
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));

        const int Distinct = 1024 + (Agents * 64);
        Assert.All(results, result => Assert.Equal(4, result.CompletionTokens));
        await Until(() => engine.Statistics.Active == 0);
        var statistics = engine.Statistics;
        Assert.InRange(statistics.PrefilledTokens, Distinct, Distinct * 1.1);
        Assert.InRange(statistics.Residency.SharedPromptTokens, (Agents - 1) * 1024, (Agents - 1) * 1100);
        Assert.Equal(statistics.Residency.SharedPromptTokens, results.Sum(result => (long)result.SharedTokens));
        Assert.True(statistics.CellsUsed <= statistics.CellsTotal);
    }

    [Fact]
    public async Task Sharing_changes_no_token()
    {
        var common = Tokens(2, 200);
        var requests = Enumerable.Range(0, 6).Select(i => Request([.. common, .. Tokens(200 + i, 20)], 24, $"p{i}", "users")).ToList();
        var alone = new List<List<int>>();
        await using (var engine = new LlamaCppEngine(TestModels.F32, Small with { MinimumSharedTokens = 0 }))
        {
            foreach (var request in requests)
                alone.Add(await Drain(engine.Submit(request)));
            Assert.Equal(0, engine.Statistics.Residency.SharedPromptTokens);
        }
        await using var sharing = new LlamaCppEngine(TestModels.F32, Small);
        for (var i = 0; i < requests.Count; i++)
            Assert.Equal(alone[i], await Drain(sharing.Submit(requests[i])));
        Assert.Equal(5 * 200, sharing.Statistics.Residency.SharedPromptTokens);
    }

    [Fact]
    public async Task Nothing_is_shared_across_security_domains_without_permission()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var prompt = Tokens(3, 100);
        async Task<int> Cached(GenerationRequest request)
        {
            var handle = engine.Submit(request);
            await Drain(handle);
            return (await handle.Completion).CachedTokens;
        }

        Assert.Equal(0, await Cached(Request(prompt, 2, "anna's", "anna")));
        Assert.Equal(0, await Cached(Request(prompt, 2, "nobody's")));
        Assert.Equal(0, await Cached(Request(prompt, 2)));
        Assert.Equal(0, await Cached(Request(prompt, 2, "bert's", "bert")));
        Assert.Equal(99, await Cached(Request(prompt, 2, "anna's too", "anna")));
        Assert.Equal(0, await Cached(Request(prompt, 2, "carl's", "carl") with { ReadableDomains = ["dora"] }));
        Assert.Equal(99, await Cached(Request(prompt, 2, "emil's", "emil") with { ReadableDomains = ["dora", "anna"] }));
        Assert.Equal(99, await engine.CountCachedAsync("unknown", prompt, "anna"));
        Assert.Equal(0, await engine.CountCachedAsync("unknown", prompt, "dora"));
        Assert.Equal(0, await engine.CountCachedAsync("unknown", prompt));
    }

    [Fact]
    public async Task A_key_that_changes_its_domain_takes_nothing_along()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        var prompt = Tokens(4, 100);
        await Drain(engine.Submit(Request(prompt, 2, "p1", "anna")));
        var moved = engine.Submit(Request(prompt, 2, "p1", "bert"));
        await Drain(moved);
        Assert.Equal(0, (await moved.Completion).CachedTokens);
        Assert.Equal(99, await engine.CountCachedAsync("x", prompt, "bert"));
    }

    [Fact]
    public async Task What_nobody_owns_any_more_is_retained_for_its_domain_until_there_is_too_much()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { RetainedPrefixes = 2 });
        for (var i = 0; i < 4; i++)
            await Drain(engine.Submit(Request(Tokens(10 + i, 80), 2, key: null, "users")));
        await Drain(engine.Submit(Request(Tokens(20, 80), 2, "p1", "users")));
        engine.Release("p1");
        Assert.Equal(79, await engine.CountCachedAsync("x", Tokens(20, 80), "users"));
        await Until(() => engine.Statistics is { Active: 0, Resident: 2, Residency.RetainedPrefixes: 2 });
        Assert.Equal(0, await engine.CountCachedAsync("x", Tokens(10, 80), "users"));
        Assert.Equal(79, await engine.CountCachedAsync("x", Tokens(13, 80), "users"));

        // What is the same as what is retained already is not kept twice.
        await Drain(engine.Submit(Request(Tokens(13, 80), 1, key: null, "users")));
        await Until(() => engine.Statistics is { Active: 0, Residency.RetainedPrefixes: 2 });
        Assert.Equal(79, await engine.CountCachedAsync("x", Tokens(20, 80), "users"));
    }

    [Fact]
    public async Task Those_who_wait_for_one_that_is_cancelled_go_on()
    {
        // One token of a prompt a step, so that the first is still computing when it is cancelled.
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { StepTokens = 1, ContextCells = 4096 });
        var prompt = Tokens(5, 600);
        var handles = Enumerable.Range(0, 4).Select(i => engine.Submit(Request([.. prompt, .. Tokens(50 + i, 10)], 3, $"p{i}", "users"))).ToList();
        await Until(() => engine.Statistics is { Active: 4, PrefilledTokens: > 50 });
        handles[0].Cancel();
        var results = await Task.WhenAll(handles.Select(handle => handle.Completion));
        Assert.Equal(StopReason.Cancelled, results[0].StopReason);
        Assert.All(results[1..], result => Assert.Equal(3, result.CompletionTokens));
        Assert.InRange(engine.Statistics.PrefilledTokens, 600, 600 + 40);
    }

    [Fact]
    public async Task The_more_important_one_takes_over_where_the_lesser_is()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { StepTokens = 1, ContextCells = 4096 });
        var prompt = Tokens(6, 400);
        var lesser = engine.Submit(Request([.. prompt, .. Tokens(60, 10)], 3, "lesser", "users") with { Priority = 15 });
        await Until(() => engine.Statistics.PrefilledTokens > 50);
        var greater = engine.Submit(Request([.. prompt, .. Tokens(61, 10)], 3, "greater", "users") with { Priority = 5 });
        var results = await Task.WhenAll(lesser.Completion, greater.Completion);
        Assert.InRange(results[1].SharedTokens, 50, 399); // It did not wait for all of it, and did not begin anew.
        Assert.InRange(engine.Statistics.PrefilledTokens, 420, 460);
    }

    [Fact]
    public async Task What_a_key_came_to_is_told_until_it_is_released()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        Assert.Null(await engine.DescribeAsync("p1"));
        await Drain(engine.Submit(Request(Tokens(7, 100), 5, "p1", "users")));
        await Drain(engine.Submit(Request(Tokens(7, 100), 5, "p2", "users")));
        var (first, second) = (await engine.DescribeAsync("p1"), await engine.DescribeAsync("p2"));
        Assert.Equal((100, 0, 104), (first!.ComputedTokens, first.HitTokens, first.CachedTokens));
        Assert.Equal((1, 99, 99), (second!.ComputedTokens, second.HitTokens, second.SharedHitTokens));
        Assert.Equal(99, first.SharedTokens);
        Assert.Equal(LLMOS.Inference.Planning.Residency.Resident, second.Residency);
        engine.Release("p1");
        Assert.Null(await engine.DescribeAsync("p1"));
    }

    [Fact]
    public async Task An_empty_domain_is_refused_with_a_sentence()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small);
        Sentences.Refused(LlamaError.InvalidRequest, () => engine.Submit(Request(Tokens(8, 10), 1, "p1", "")), "domain is empty");
        Sentences.Refused(LlamaError.InvalidRequest, () => engine.Submit(Request(Tokens(8, 10), 1) with { ReadableDomains = [""] }), "domain is empty");
    }
}
