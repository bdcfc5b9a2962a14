namespace LLMOS.Inference.Planning.Policies;

/// <summary>First come, first served: a request that runs is never interrupted, and none is passed by a later one.</summary>
public sealed class FcfsPolicy : ISchedulingPolicy
{
    public string Name => "fcfs";

    public bool IsPreemptive => false;

    public Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved) => new(RankTier.Shared, 0, sequence.Arrival);
}
