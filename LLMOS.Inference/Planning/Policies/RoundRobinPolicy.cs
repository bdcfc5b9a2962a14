namespace LLMOS.Inference.Planning.Policies;

/// <summary>All alike, by quantum: whoever waits longest comes first.</summary>
public sealed class RoundRobinPolicy : ISchedulingPolicy
{
    public string Name => "rr";

    public bool IsPreemptive => true;

    public Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved)
    {
        var waited = AgingRule.CountedWait(sequence, backlog.Options);
        var due = AgingRule.DueAfter(SchedulingClass.DefaultPriority, backlog.AgingStep);
        return waited >= due ? new Rank(RankTier.Aged, 0, due - waited) : new Rank(RankTier.Shared, 0, -sequence.WaitedSteps);
    }
}
