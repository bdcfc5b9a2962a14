using CsCheck;
using LLMOS.Inference.KvCache;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.KvCache;

public sealed class SwapPolicyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly Gen<VictimCandidate> AnyCandidate = Gen.Select(Gen.Bool, Gen.Int[0, 4], Gen.Int[0, 19], Gen.Int[-1, 5], Gen.Int[0, 9])
        .Select((retained, @class, priority, nextUse, step) => new VictimCandidate
        {
            IsRetained = retained,
            Class = (SequenceClass)@class,
            Priority = priority,
            NextUse = nextUse < 0 ? null : TimeSpan.FromSeconds(nextUse),
            LastServedStep = step,
        });

    [Fact]
    public void The_order_of_victims_is_an_order() => Gen.Select(AnyCandidate, AnyCandidate, AnyCandidate).Sample((x, y, z) =>
    {
        var order = VictimOrder.Instance;
        Assert.Equal(Math.Sign(order.Compare(x, y)), -Math.Sign(order.Compare(y, x)));
        Assert.Equal(order.Compare(x, y) == 0, x == y);
        if (order.Compare(x, y) < 0 && order.Compare(y, z) < 0)
            Assert.True(order.Compare(x, z) < 0);
    });

    [Fact]
    public void Victims_go_by_priority_then_by_next_use_then_by_recency()
    {
        var normal = new VictimCandidate { Class = SequenceClass.Normal, Priority = 10, NextUse = Second, LastServedStep = 5 };
        VictimCandidate[] expected =
        [
            normal with { IsRetained = true, Class = SequenceClass.Realtime, Priority = 0, NextUse = TimeSpan.Zero },
            normal with { Class = SequenceClass.Idle, Priority = 0, NextUse = TimeSpan.Zero },
            normal with { Priority = 11, NextUse = TimeSpan.Zero },
            normal with { NextUse = null },
            normal with { NextUse = 10 * Second },
            normal with { LastServedStep = 4 },
            normal,
            normal with { NextUse = TimeSpan.Zero },
            normal with { Class = SequenceClass.High, Priority = 19, NextUse = null },
        ];
        var order = expected.Reverse().ToList();
        order.Sort(VictimOrder.Instance);
        Assert.Equal(expected, order);
    }

    [Fact]
    public void Before_anything_is_measured_saved_KV_is_restored() =>
        Assert.True(new SwapCost(SwapInChoice.Measured).PrefersRestore(StateTier.Disk, 1_000_000, 1));

    [Fact]
    public void The_quicker_way_is_chosen() => Gen.Select(Gen.Double[1, 1e6], Gen.Double[1, 1e9], Gen.Int[1, 10_000], Gen.Int[1, 100_000_000]).Sample((prefill, restore, tokens, bytes) =>
    {
        var cost = new SwapCost(SwapInChoice.Measured);
        cost.Prefilled(1_000_000, TimeSpan.FromSeconds(1_000_000 / prefill));
        cost.Restored(StateTier.Host, 1_000_000, TimeSpan.FromSeconds(1_000_000 / restore));
        Assert.Equal(prefill, cost.PrefillTokensPerSecond!.Value, prefill * 1e-3);
        var (restoring, prefilling) = (bytes / restore, tokens / prefill);
        if (Math.Abs(restoring - prefilling) > 0.01 * prefilling)
            Assert.Equal(restoring < prefilling, cost.PrefersRestore(StateTier.Host, bytes, tokens));
        Assert.True(cost.PrefersRestore(StateTier.Disk, bytes, tokens)); // Nothing is known of the disk.
    });

    [Fact]
    public void The_rates_follow_the_machine_and_a_way_that_was_slow_is_tried_again()
    {
        var cost = new SwapCost(SwapInChoice.Measured);
        cost.Prefilled(1000, Second);
        cost.Restored(StateTier.Disk, 10, Second);
        Assert.Contains(true, Enumerable.Range(0, 64).Select(_ => cost.PrefersRestore(StateTier.Disk, 1000, 10)));
        Assert.False(cost.PrefersRestore(StateTier.Disk, 1000, 10));
        for (var i = 0; i < 40; i++)
            cost.Restored(StateTier.Disk, 1_000_000, Second);
        Assert.True(cost.PrefersRestore(StateTier.Disk, 1000, 10));
        Assert.InRange(cost.RestoreBytesPerSecond(StateTier.Disk)!.Value, 990_000, 1_000_000);
    }

    [Fact]
    public void A_choice_that_was_made_is_kept()
    {
        var (restore, prefill) = (new SwapCost(SwapInChoice.Restore), new SwapCost(SwapInChoice.Prefill));
        restore.Prefilled(1_000_000, Second);
        restore.Restored(StateTier.Host, 1, Second);
        Assert.True(restore.PrefersRestore(StateTier.Host, 1_000_000, 1));
        Assert.False(restore.PrefersRestore(StateTier.Host, 1_000_000, 0));
        Assert.False(prefill.PrefersRestore(StateTier.Host, 1, 1_000_000));
        Assert.False(prefill.Saves);
    }

    [Fact]
    public void The_next_use_is_expected_after_the_usual_pause_and_a_silent_process_grows_less_likely()
    {
        var estimate = new NextUseEstimate();
        Assert.Null(estimate.Left(TimeSpan.Zero));
        estimate.Begin(TimeSpan.Zero);
        estimate.End(1 * Second);
        Assert.Null(estimate.Left(2 * Second));
        estimate.Begin(11 * Second);
        estimate.End(20 * Second);
        Assert.Equal(10, estimate.Left(20 * Second)!.Value.TotalSeconds, 1e-9);
        Assert.Equal(4, estimate.Left(26 * Second)!.Value.TotalSeconds, 1e-9);
        Assert.Equal(30, estimate.Left(50 * Second)!.Value.TotalSeconds, 1e-9);
        estimate.Begin(22 * Second);
        estimate.End(23 * Second);
        Assert.Equal(10 + (0.3 * (2 - 10)), estimate.Left(23 * Second)!.Value.TotalSeconds, 1e-9);
    }
}
