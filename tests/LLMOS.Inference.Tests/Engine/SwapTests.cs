using LLMOS.Inference.Tests.Gguf;
using LLMOS.Inference.Tests.KvCache;
using static LLMOS.Inference.Tests.Engine.Engines;

namespace LLMOS.Inference.Tests.Engine;

public sealed class SwapTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public enum Way
    {
        Host,
        Disk,
        Prefill,
    }

    public static TheoryData<Way, bool> Ways => new(from way in Enum.GetValues<Way>() from seeded in new[] { false, true } select (way, seeded));

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_swap_in_the_middle_of_a_turn_changes_no_token(Way way, bool seeded)
    {
        using var folder = new TemporaryFolder();
        var request = Request(Tokens(1, 100), 60, "p1");
        if (seeded)
            request = request with { Sampling = new SamplingParameters { Temperature = 1, TopK = 0, TopP = 1, Seed = 7, IgnoreEnd = true } };
        List<int> expected;
        await using (var undisturbed = new LlamaCppEngine(TestModels.F32, Small))
            expected = await Drain(undisturbed.Submit(request));

        await using var engine = new LlamaCppEngine(TestModels.F32, Options(way, folder) with { Planner = new ChurningPlanner(5) });
        Assert.Equal(expected, await Drain(engine.Submit(request)));
        await Until(() => engine.Statistics.Active == 0);
        var statistics = engine.Statistics;
        Assert.InRange(statistics.SwapsIn, way == Way.Prefill ? 0 : 10, way == Way.Prefill ? 0 : 20);
        Assert.InRange(statistics.Residency.Faults, 10, 20);
        Assert.Equal(way == Way.Prefill, statistics.Residency.RecomputedTokens > 0);
        Assert.Equal(way == Way.Disk, statistics.Residency.Spills > 0);
        Assert.Empty(statistics.Residency.Fallbacks);
    }

    [Theory]
    [InlineData(Way.Host)]
    [InlineData(Way.Disk)]
    public async Task Only_the_tail_that_nobody_else_has_is_saved(Way way)
    {
        using var folder = new TemporaryFolder();
        var common = Tokens(2, 400);
        var requests = Enumerable.Range(0, 2).Select(i => Request([.. common, .. Tokens(30 + i, 10)], 40, $"p{i}", "users")).ToList();
        var expected = new List<List<int>>();
        await using (var undisturbed = new LlamaCppEngine(TestModels.F32, Small))
        {
            foreach (var request in requests)
                expected.Add(await Drain(undisturbed.Submit(request)));
        }

        await using var engine = new LlamaCppEngine(TestModels.F32, Options(way, folder) with { Planner = new ChurningPlanner(5) });
        Assert.Equal(expected[0], await Drain(engine.Submit(requests[0])));
        await Until(() => engine.Statistics.Active == 0);
        var before = engine.Statistics;
        Assert.Equal(expected[1], await Drain(engine.Submit(requests[1])));
        await Until(() => engine.Statistics.Active == 0);
        var after = engine.Statistics;

        Assert.True(after.SwapsIn - before.SwapsIn >= 7, $"{after.SwapsIn - before.SwapsIn} swaps");
        var (whole, tail) = (before.Residency.BytesOut / before.SwapsOut, (after.Residency.BytesOut - before.Residency.BytesOut) / (after.SwapsOut - before.SwapsOut));
        Assert.True(tail * 5 < whole, $"a tail of {tail} bytes beside a whole of {whole}");
        Assert.Empty(after.Residency.Fallbacks);
        Assert.Equal(0, after.Residency.RecomputedTokens);
    }

    [Fact]
    public async Task A_tail_whose_beginning_is_gone_is_computed_again()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { MaxSequences = 2, HostCells = 4096, SwapInChoice = SwapInChoice.Restore });
        var common = Tokens(3, 100);
        var first = Request([.. common, .. Tokens(40, 10)], 20, "p1", "users");
        var answer = await Drain(engine.Submit(first));
        await Drain(engine.Submit(Request([.. common, .. Tokens(41, 10)], 5, "p2", "users")));
        await Drain(engine.Submit(Request(Tokens(42, 40), 5, "p3"))); // Takes the place of the first, whose beginning the second has.
        await Drain(engine.Submit(Request(Tokens(43, 40), 5, "p4"))); // And of the second.
        var again = engine.Submit(first);
        Assert.Equal(answer, await Drain(again));
        Assert.Equal(0, (await again.Completion).CachedTokens);
        Assert.Equal(1, engine.Statistics.Residency.Fallbacks[SwapFallback.PrefixGone]);
        Assert.Contains("100 tokens", engine.Statistics.Residency.LastProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_host_memory_has_no_room_for_goes_to_disk_and_the_files_go_with_the_engine()
    {
        using var folder = new TemporaryFolder();
        await using (var engine = new LlamaCppEngine(TestModels.F32, Options(Way.Disk, folder) with { MaxSequences = 1, HostCells = 150 }))
        {
            var requests = Enumerable.Range(0, 6).Select(i => Request(Tokens(50 + i, 60), 10, $"p{i}")).ToList();
            var answers = new List<List<int>>();
            foreach (var request in requests)
                answers.Add(await Drain(engine.Submit(request)));
            await Until(() => engine.Statistics is { Active: 0, Residency: { HostCellsUsed: 138, DiskCellsUsed: 207, BytesWaiting: 0 } });
            Assert.Equal(3, StateStoreTests.Spilled(folder).Count());
            for (var i = 0; i < requests.Count; i++)
            {
                var again = engine.Submit(requests[i]);
                Assert.Equal(answers[i], await Drain(again));
                Assert.Equal(59, (await again.Completion).CachedTokens);
            }
            Assert.Empty(engine.Statistics.Residency.Fallbacks);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task What_matters_least_is_given_up_when_there_is_no_more_room()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Small with { MaxSequences = 1, HostCells = 150, SwapInChoice = SwapInChoice.Restore });
        foreach (var (key, priority) in new[] { ("important", 2), ("lesser", 15), ("usual", 10), ("last", 10) })
            await Drain(engine.Submit(Request(Tokens(70 + priority + key.Length, 60), 10, key) with { Priority = priority }));
        Assert.Equal(1, engine.Statistics.Residency.Fallbacks[SwapFallback.NoRoom]);
        foreach (var (key, cached) in new[] { ("important", 69), ("lesser", 0), ("usual", 69), ("last", 69) })
            Assert.Equal(cached, (await engine.DescribeAsync(key))!.CachedTokens);
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_costs_time_and_no_token()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("not a folder");
        await File.WriteAllTextAsync(file, "", Cancelled);
        await using var engine = new LlamaCppEngine(TestModels.F32, Options(Way.Disk, folder) with { MaxSequences = 1, SpillFolder = file });
        var request = Request(Tokens(4, 60), 10, "p1");
        var answer = await Drain(engine.Submit(request));
        await Drain(engine.Submit(Request(Tokens(5, 60), 10, "p2")));
        await Until(() => engine.Statistics.Residency.Fallbacks.ContainsKey(SwapFallback.DiskWriteFailed));
        Assert.Equal((0, 0), (engine.Statistics.Residency.DiskCellsUsed, engine.Statistics.Residency.HostCellsUsed));
        Assert.Contains(file, engine.Statistics.Residency.LastProblem, StringComparison.Ordinal);
        Assert.Equal(answer, await Drain(engine.Submit(request)));
    }

    [Theory]
    [InlineData(SwapFallback.Damaged)]
    [InlineData(SwapFallback.DiskReadFailed)]
    [InlineData(SwapFallback.Foreign)]
    public async Task A_spill_file_that_is_not_what_was_written_costs_time_and_no_token(SwapFallback reason)
    {
        using var folder = new TemporaryFolder();
        using var foreign = new TemporaryFolder();
        await using var engine = new LlamaCppEngine(TestModels.F32, Options(Way.Disk, folder) with { MaxSequences = 1 });
        await using var other = new LlamaCppEngine(TestModels.Multibyte, Options(Way.Disk, foreign) with { MaxSequences = 1 });
        var request = Request(Tokens(6, 60), 10, "p1");
        var answer = await Drain(engine.Submit(request));
        foreach (var each in new[] { engine, other })
        {
            if (each == other)
                await Drain(other.Submit(request));
            await Drain(each.Submit(Request(Tokens(7, 60), 10, "p2")));
            await Until(() => each.Statistics.Residency is { Spills: 1, BytesWaiting: 0 });
        }
        var file = Assert.Single(StateStoreTests.Spilled(folder));
        switch (reason)
        {
            case SwapFallback.Damaged:
                var bytes = await File.ReadAllBytesAsync(file, Cancelled);
                bytes[bytes.Length / 2] ^= 1;
                await File.WriteAllBytesAsync(file, bytes, Cancelled);
                break;
            case SwapFallback.Foreign:
                File.Copy(Assert.Single(StateStoreTests.Spilled(foreign)), file, overwrite: true);
                break;
            default:
                File.Delete(file);
                break;
        }
        var again = engine.Submit(request);
        Assert.Equal(answer, await Drain(again));
        Assert.Equal(0, (await again.Completion).CachedTokens);
        var statistics = engine.Statistics.Residency;
        Assert.Equal(1, statistics.Fallbacks[reason]);
        Assert.EndsWith("compute the sequence again.", statistics.LastProblem, StringComparison.Ordinal);
        Assert.Equal(69, statistics.RecomputedTokens + 10);
        if (reason == SwapFallback.Foreign)
            Assert.Contains("'multibyte'", statistics.LastProblem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_slow_to_be_read_keeps_only_its_own_sequence_waiting()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a pipe stands for a slow disk");
        using var folder = new TemporaryFolder();
        await using var engine = new LlamaCppEngine(TestModels.F32, Options(Way.Disk, folder) with { MaxSequences = 1 });
        var slow = Request(Tokens(8, 60), 10, "slow");
        var quick = Request(Tokens(9, 60), 10, "quick");
        var answers = new[] { await Drain(engine.Submit(slow)), await Drain(engine.Submit(quick)) };
        await Until(() => engine.Statistics.Residency is { Spills: 1, BytesWaiting: 0 });
        var file = Assert.Single(StateStoreTests.Spilled(folder));
        var source = folder.File("what was written");
        File.Move(file, source);
        Pipe.Make(file); // Reading from it waits for a writer.

        var waiting = engine.Submit(slow);
        await Until(() => engine.Statistics.Waiting == 1);
        for (var turn = 0; turn < 3; turn++)
            Assert.Equal(answers[1], await Drain(engine.Submit(quick)));
        Assert.False(waiting.Completion.IsCompleted);
        Pipe.Write(file, source);
        Assert.Equal(answers[0], await Drain(waiting));
        Assert.Equal(59, (await waiting.Completion).CachedTokens);
        Assert.Empty(engine.Statistics.Residency.Fallbacks);
    }

    [Fact]
    public void Disk_without_a_folder_is_refused_with_a_sentence() =>
        Sentences.Refused(LlamaError.InvalidRequest, () => _ = new LlamaCppEngine(TestModels.F32, new EngineOptions { DiskCells = 10 }), "DiskCells is 10", "SpillFolder");

    private static EngineOptions Options(Way way, TemporaryFolder folder) => Small with
    {
        HostCells = way == Way.Host ? 100_000 : 0,
        DiskCells = way == Way.Disk ? 100_000 : 0,
        SpillFolder = folder.Path,
        SwapInChoice = way == Way.Prefill ? SwapInChoice.Prefill : SwapInChoice.Restore,
    };
}
