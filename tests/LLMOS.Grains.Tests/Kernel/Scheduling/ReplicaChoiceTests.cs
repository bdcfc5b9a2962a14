using CsCheck;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Kernel.Scheduling;

public sealed class ReplicaChoiceTests
{
    private readonly ReplicaChoice _choice = new() { FullAt = 4, StickyUpTo = 2 };

    [Fact]
    public void A_process_stays_where_its_sequence_is_while_that_costs_little()
    {
        Assert.Equal(1, _choice.Choose([0, 2], home: 1));
        Assert.Equal(0, _choice.Choose([0, 3], home: 1));
    }

    [Fact]
    public void A_further_replica_opens_only_when_those_in_use_are_full()
    {
        Assert.Equal(0, _choice.Choose([3, 0, 0], home: null));
        Assert.Equal(1, _choice.Choose([4, 0, 0], home: null));
        Assert.Equal(2, _choice.Choose([4, 4, 0], home: null));
    }

    [Fact]
    public void A_process_without_a_home_goes_where_most_of_its_prompt_is_unless_that_one_is_busy()
    {
        Assert.Equal(2, _choice.Choose([0, 1, 1], home: null, cached: [0, 40, 90]));
        Assert.Equal(0, _choice.Choose([0, 1, 3], home: null, cached: [0, 0, 90]));
        Assert.Equal(1, _choice.Choose([0, 1, 1], home: 1, cached: [0, 0, 90]));
        Assert.Equal(0, _choice.Choose([1, 1], home: null, cached: [0, 0]));
    }

    [Fact]
    public void A_home_that_is_gone_is_no_home() => Assert.Equal(0, _choice.Choose([1], home: 3));

    [Fact]
    public void Replicas_fill_evenly_and_none_is_passed_over() => Gen.Int[1, 6].Select(Gen.Int[0, 60]).Sample((replicas, processes) =>
    {
        var thinking = new int[replicas];
        for (var i = 0; i < processes; i++)
        {
            thinking[_choice.Choose(thinking, home: null)]++;
        }

        var open = thinking.TakeWhile(count => count > 0).ToArray();
        Assert.All(thinking.Skip(open.Length), count => Assert.Equal(0, count));
        Assert.True(open.Length == 0 || open.Length == Math.Min(replicas, (processes + 3) / 4), $"{open.Length} of {replicas} are open for {processes}");
        Assert.True(open.Length == 0 || open.Max() - open.Min() <= Math.Max(4, 1));
    });
}
