using LLMOS.Inference.Engine;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Who held the device when, and what it took.</summary>
public sealed class SliceTests
{
    [Fact]
    public async Task Slices_and_sums_of_each_key_account_for_all_that_was_computed()
    {
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { DraftTokens = 0 });
        var prompts = Enumerable.Range(0, 4).Select(i => Engines.Tokens(i, 40)).ToList();
        await Task.WhenAll(prompts.Select((prompt, i) => Engines.Drain(engine.Submit(Engines.Request(prompt, 12, key: $"{i}")))));
        await Engines.Until(() => engine.Statistics is { Waiting: 0, Active: 0 });
        var described = await engine.DescribeAllAsync();
        var slices = engine.ReadSlices(TimeSpan.FromMinutes(1));
        Assert.Equal(slices.Select(slice => slice.Number), slices.Select(slice => slice.Number).Distinct().Order());
        for (var i = 0; i < prompts.Count; i++)
        {
            var own = slices.Where(slice => slice.Key == $"{i}").ToList();
            Assert.Equal(40, own.Sum(slice => slice.PrefillTokens));
            Assert.Equal(11, own.Sum(slice => slice.DecodeTokens)); // The last is sampled and not computed.
            Assert.All(own, slice => Assert.True(slice.PrefillTokens == 0 || slice.DecodeTokens == 0));
            Assert.True(own[0].PrefillTokens > 0 && own.Zip(own.Skip(1)).All(pair => pair.Second.Began > pair.First.Began));
            var sums = described[$"{i}"];
            Assert.Equal((40, 12), (sums.ComputedTokens, sums.GeneratedTokens));
            Assert.True(sums.PrefillTime > TimeSpan.Zero && sums.DecodeTime > TimeSpan.Zero && sums.QueueTime >= TimeSpan.Zero && sums.TimeToFirstToken > sums.QueueTime);
        }

        var statistics = engine.Statistics;
        Assert.Equal(slices.Sum(slice => slice.Steps), statistics.ServedSequences);
        Assert.InRange(statistics.ContextSwitches, 4, statistics.ServedSequences);
        Assert.Empty(engine.ReadSlices(TimeSpan.Zero));
    }

    [Fact]
    public void The_newest_slices_are_kept_and_one_whose_place_was_taken_begins_anew()
    {
        var log = new SliceLog(capacity: 3);
        var sequences = Enumerable.Range(0, 4).Select(i => new Sequence($"{i}", default, new SequenceHistory())).ToList();
        var served = sequences.Select(sequence => new ServedSequence(sequence, 5, isDecode: true, ServedSequence.NoOutput)).ToList();
        log.Record(1, 10, 20, [served[0]]);
        log.Record(2, 20, 30, [served[0]]);
        log.Record(3, 30, 40, [served[1], served[2], served[3]]);
        Assert.Equal([1, 2, 3], log.Read(0).Select(slice => slice.Number));
        log.Record(4, 40, 50, [served[0], served[3]]);
        Assert.Equal([("2", 2L, 5), ("3", 3L, 10), ("0", 4L, 5)], log.Read(0).Select(slice => (slice.Key, slice.Number, slice.DecodeTokens)));
        log.Record(6, 60, 70, [served[3]]);
        Assert.Equal([("3", 3L), ("0", 4L), ("3", 5L)], log.Read(0).Select(slice => (slice.Key, slice.Number)));
        Assert.Equal(5, Assert.Single(log.Read(60)).Number);
    }
}
