namespace LLMOS.Inference.Planning.Policies;

/// <summary>The best effective priority first, whatever the others have had; equal ones take turns by quantum.</summary>
public sealed class PriorityPolicy : ISchedulingPolicy
{
    public string Name => "priority";

    public bool IsPreemptive => true;

    public int LeftOverTier => RankTier.Shared + SchedulingClass.BestOf(SequenceClass.Idle);

    public Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved)
    {
        if (reserved)
            return new Rank(RankTier.Reserved, 0, -sequence.WaitedSteps);
        var waited = AgingRule.CountedWait(sequence, backlog.Options);
        var priority = AgingRule.EffectivePriority(sequence.Priority, waited, backlog.AgingStep);
        return priority == AgingRule.Overdue
            ? new Rank(RankTier.Aged, 0, AgingRule.DueAfter(sequence.Priority, backlog.AgingStep) - waited)
            : new Rank(RankTier.Shared + priority, 0, -sequence.WaitedSteps);
    }
}
