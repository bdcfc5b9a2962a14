using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>The parts that the policies are made of.</summary>
public sealed class RulesTests
{
    [Fact]
    public void Priorities_have_classes_and_weights()
    {
        Assert.Equal(
            [SequenceClass.Realtime, SequenceClass.Realtime, SequenceClass.High, SequenceClass.High, SequenceClass.Normal, SequenceClass.Normal, SequenceClass.Low, SequenceClass.Low, SequenceClass.Idle, SequenceClass.Idle],
            new[] { 0, 3, 4, 7, 8, 11, 12, 15, 16, 19 }.Select(SchedulingClass.Of));
        Assert.Equal(1, WeightTable.Of(10));
        Assert.Equal(1.25, WeightTable.Of(9), 12);
        for (var priority = 0; priority < 19; priority++)
            Assert.Equal(WeightTable.LevelFactor, WeightTable.Of(priority) / WeightTable.Of(priority + 1), 9);
        Assert.Equal(WeightTable.Of(19), WeightTable.Of(99));
    }

    [Fact]
    public void Waiting_raises_a_priority_by_a_level_for_each_step_of_aging()
    {
        Assert.Equal(19, AgingRule.EffectivePriority(19, 63, 64));
        Assert.Equal(18, AgingRule.EffectivePriority(19, 64, 64));
        Assert.Equal(0, AgingRule.EffectivePriority(19, (20 * 64) - 1, 64));
        Assert.Equal(AgingRule.Overdue, AgingRule.EffectivePriority(19, AgingRule.DueAfter(19, 64), 64));
        Assert.Equal(AgingRule.Overdue, AgingRule.EffectivePriority(4, long.MaxValue / 2, 1));
    }

    [Fact]
    public void A_selection_puts_the_first_to_the_front() =>
        Gen.Select(Gen.Int[0, 20].Array[0, 100], Gen.Int[0, 100]).Sample((keys, count) =>
        {
            var items = keys.Select((key, i) => new RankedSequence(new Rank(2, 0, key), 0, i)).ToArray();
            var sorted = items.Order().ToArray();
            PartialSelection.MoveFirstToFront(items, count);
            Assert.Equal(sorted.Take(count), items.Take(count).Order());
            Assert.Equal(sorted, items.Order());
        });

    [Fact]
    public void A_heap_gives_its_items_in_order() =>
        Gen.Int[0, 50].Array[0, 200].Sample(keys =>
        {
            var heap = new RankedHeap();
            for (var i = 0; i < keys.Length; i++)
                heap.Add(new RankedSequence(new Rank(2, 0, keys[i]), 0, i));
            heap.Build();
            var popped = new List<RankedSequence>();
            while (heap.Count > 0)
                popped.Add(heap.Pop());
            Assert.Equal(popped.Order(), popped);
            Assert.Equal(keys.Length, popped.Count);
        });

    [Fact]
    public void Tokens_are_charged_once_by_their_kind_and_window()
    {
        var account = new ServiceAccount();
        account.Begin(step: 5, start: 7);
        account.Start(cachedTokens: 10);
        Assert.Equal(20, account.Charge(20, 30, decode: false, weight: 2, step: 6, windowSteps: 64));
        Assert.Equal(17, account.VirtualTime);
        Assert.Equal(0, account.Charge(30, 30, decode: true, weight: 2, step: 7, windowSteps: 64)); // Computed again after its KV was dropped.
        Assert.Equal(2, account.Charge(1, 31, decode: true, weight: 2, step: 8, windowSteps: 64));
        Assert.Equal((18, 20, 22, 0), (account.VirtualTime, account.PrefilledTokens, account.WindowService(63, 64), account.WindowService(64, 64)));
        Assert.Equal(12, account.Waited(20));
        account.SetRunnable(false, 20, 0);
        account.SetRunnable(true, 25, 100);
        Assert.Equal((5, 100), (account.Waited(30), account.VirtualTime));
        account.Begin(40, start: 50);
        Assert.Equal(100, account.VirtualTime);
    }

    [Fact]
    public void A_newcomer_starts_at_the_least_of_its_class()
    {
        var clock = new VirtualClock();
        Assert.Equal(0, clock.StartOf(SequenceClass.Normal));
        clock.Observe([State(SequenceClass.Normal, 50), State(SequenceClass.Normal, 30), State(SequenceClass.High, 80), State(SequenceClass.Normal, 10) with { Runnable = false }]);
        Assert.Equal((30, 80, 30, 30), (clock.StartOf(SequenceClass.Normal), clock.StartOf(SequenceClass.High), clock.StartOf(SequenceClass.Low), clock.StartOf(SequenceClass.Idle)));
        clock.Observe([]);
        Assert.Equal(30, clock.StartOf(SequenceClass.Normal));
    }

    [Fact]
    public void A_ledger_of_trees_forgets_those_longest_without_service()
    {
        var ledger = new TreeLedger(capacity: 10);
        for (var i = 0; i < 100; i++)
        {
            ledger.Charge("always", 1);
            ledger.Charge($"tree {i}", 5);
        }
        Assert.Equal(100, ledger.ServiceOf("always"));
        Assert.Equal(5, ledger.ServiceOf("tree 99"));
        Assert.Equal(0, ledger.ServiceOf("tree 0"));
    }

    private static SequenceState State(SequenceClass sequenceClass, double virtualTime) =>
        new() { Phase = SequencePhase.Decode, Residency = Residency.Resident, Runnable = true, Class = sequenceClass, VirtualTime = virtualTime };
}
