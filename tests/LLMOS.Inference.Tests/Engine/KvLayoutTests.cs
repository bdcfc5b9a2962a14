using LLMOS.Inference.Engine;
using LLMOS.Inference.Tests.Gguf;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>A cache for each sequence: other memory, the same tokens.</summary>
public sealed class KvLayoutTests
{
    // What company changes in the last bits of a logit is of no interest here.
    private static readonly EngineOptions One = Small with { FullPrecisionAttention = true, DraftCost = 0.05 };
    private static readonly EngineOptions Own = One with { KvLayout = KvLayout.PerSequence, MaxSequences = 8 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_requests_than_caches_are_answered_as_in_one_cache()
    {
        var requests = Enumerable.Range(0, 20).Select(i => Request(Tokens(i, 20 + (i * 7)), 10 + i, i % 3 == 0 ? $"p{i}" : null)).ToList();
        // Text that repeats itself is guessed.
        requests.Add(Request([.. Enumerable.Repeat(Tokens(50, 12), 8).SelectMany(tokens => tokens)], 60));
        var expected = await AnswersAsync(One, requests);
        Assert.Equal(expected, await AnswersAsync(Own, requests));
        Assert.Equal(expected, await AnswersAsync(Own with { MaxSequences = 3, ContextCells = 3 * 256 }, requests));
    }

    [Theory]
    [InlineData(4096, 0)]
    [InlineData(1, 4096)]
    public async Task A_swap_into_another_cache_changes_no_token(int hostCells, int diskCells)
    {
        using var folder = new TemporaryFolder();
        var requests = Enumerable.Range(0, 3).Select(i => Request(Tokens(i, 90 + i), 40, $"p{i}")).ToList();
        var expected = await AnswersAsync(One, requests);
        await using var engine = new LlamaCppEngine(TestModels.F32, Own with
        {
            HostCells = hostCells,
            DiskCells = diskCells,
            SpillFolder = folder.Path,
            SwapInChoice = SwapInChoice.Restore,
            Planner = new ChurningPlanner(5),
        });
        Assert.Equal(expected, await Task.WhenAll(requests.Select(request => Drain(engine.Submit(request)))));
        await Until(() => engine.Statistics.Active == 0);
        Assert.True(engine.Statistics.SwapsIn > 5, $"{engine.Statistics.SwapsIn} swaps");
        Assert.Equal(diskCells > 0, engine.Statistics.Residency.Spills > 0);
        Assert.Empty(engine.Statistics.Residency.Fallbacks);
    }

    [Fact]
    public async Task What_was_computed_for_one_is_copied_to_the_next_and_changes_no_token()
    {
        var common = Tokens(2, 150);
        var requests = Enumerable.Range(0, 4).Select(i => Request([.. common, .. Tokens(200 + i, 20)], 8, $"p{i}", "users")).ToList();
        var expected = await AnswersAsync(One with { MinimumSharedTokens = 0 }, requests);
        await using var engine = new LlamaCppEngine(TestModels.F32, Own);
        for (var i = 0; i < requests.Count; i++)
            Assert.Equal(expected[i], await Drain(engine.Submit(requests[i])));
        await Until(() => engine.Statistics.Active == 0);
        Assert.Equal(3 * 150, engine.Statistics.Residency.SharedPromptTokens);
        Assert.Equal(4 * (150 + 20 + 7), engine.Statistics.CellsUsed);
        engine.Release("p0");
        await Until(() => engine.Statistics.CellsUsed == 3 * (150 + 20 + 7));
    }

    [Fact]
    public async Task A_fork_in_the_middle_of_a_turn_goes_on_as_its_parent_does()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Own with { OutputCapacity = 8 });
        var request = Request(Tokens(1, 120), 60, "parent");
        var whole = await Drain(engine.Submit(request with { Key = null }));
        var parent = engine.Submit(request);
        var said = new List<int>();
        for (var i = 0; i < 10; i++)
            said.Add((await parent.Tokens.ReadAsync(Cancelled)).Id);
        var fork = await engine.ForkAsync("parent", "child");
        var answer = engine.Submit(request with { Key = "child", PromptTokens = fork.Tokens.ToArray(), MaxTokens = 180 - fork.Tokens.Count });
        Assert.Equal(whole, fork.Tokens.Skip(120).Concat(await Drain(answer)));
        Assert.InRange((await answer.Completion).CachedTokens, fork.Tokens.Count - 1, fork.Tokens.Count);
        Assert.Equal(whole, [.. said, .. await Drain(parent)]);
    }

    [Fact]
    public async Task What_is_longer_than_a_cache_is_refused_with_its_length()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Own);
        Assert.Equal(256, engine.MaxSequenceTokens);
        Assert.Contains("the 256 tokens that a sequence", Assert.Throws<LlamaException>(() => engine.Submit(Request(Tokens(1, 200), 57))).Message, StringComparison.Ordinal);
        Assert.Equal(56, (await Drain(engine.Submit(Request(Tokens(1, 200), 56)))).Count);
    }

    [Theory]
    [InlineData(KvLayout.Unified, 1000, 0)]
    [InlineData(KvLayout.PerSequence, 1000, 3)]
    [InlineData(KvLayout.PerSequence, 4100, 0)]
    [InlineData(KvLayout.PerSequence, 2, 8)]
    public void Cells_are_rounded_as_llama_cpp_rounds_them(KvLayout layout, int cells, int sequences)
    {
        using var context = new DecodeContext(TestModels.F32, One with { KvLayout = layout, ContextCells = cells, MaxSequences = sequences });
        Assert.Equal(EngineOptions.RoundedCells(cells, layout, sequences), context.Cells);
    }

    [Fact]
    public void Cells_of_separate_caches_are_copied_and_never_shared()
    {
        using var context = new DecodeContext(TestModels.F32, Own with { StepTokens = 8, DraftTokens = 0 });
        Assert.Throws<InvalidOperationException>(() => context.Share(0, 1, 0, 1));
        Assert.Throws<InvalidOperationException>(() => context.ShareAll(0, 1));
        Assert.Throws<InvalidOperationException>(() => context.Copy(0, 0, 1));
        Assert.Throws<InvalidOperationException>(() => context.Copy(0, 8, 1));
        using var batch = new BatchBuffer(8, TestModels.F32.VocabularySize);
        for (var i = 0; i < 8; i++)
            batch.Add(300 + i, i, 0, output: false);
        Assert.Equal(0, context.Decode(batch));
        Assert.True(context.Copy(0, 5, 6));
        Assert.Equal((7, 5), (context.LastPosition(0), context.LastPosition(5)));
    }

    private static async Task<List<List<int>>> AnswersAsync(EngineOptions options, IEnumerable<GenerationRequest> requests)
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, options);
        return [.. await Task.WhenAll(requests.Select(request => engine.Submit(request)).ToList().Select(Drain))];
    }
}
