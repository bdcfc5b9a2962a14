namespace LLMOS.Inference.Planning.Policies;

/// <summary>
/// The default: REALTIME inside its reservation, then HIGH, NORMAL and LOW by weighted virtual time, IDLE from what is left.
/// </summary>
/// <remarks>Virtual time as in start-time fair queueing (Goyal, Vin and Cheng, 1996), charged in weighted tokens as in VTC (Sheng et al., 2024).</remarks>
public sealed class FairPolicy : ISchedulingPolicy
{
    private const int Left = RankTier.Shared + 1;

    public string Name => "fair";

    public bool IsPreemptive => true;

    public int LeftOverTier => Left;

    public Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved)
    {
        if (reserved)
            return new Rank(RankTier.Reserved, 0, sequence.VirtualTime);
        var waited = AgingRule.CountedWait(sequence, backlog.Options);
        var priority = AgingRule.EffectivePriority(sequence.Priority, waited, backlog.AgingStep);
        if (priority == AgingRule.Overdue)
            return new Rank(RankTier.Aged, 0, AgingRule.DueAfter(sequence.Priority, backlog.AgingStep) - waited);
        var own = sequence.Class;
        var raised = priority < sequence.Priority ? SchedulingClass.Of(priority) : own;
        var effective = raised < own ? raised : own;
        return new Rank(effective == SequenceClass.Idle ? Left : RankTier.Shared, (int)effective, Key(sequence, backlog.Options));
    }

    /// <summary>Within a prefill quantum virtual time stands still: a short prompt runs to its end, a long one lets others in between.</summary>
    private static double Key(in SequenceState sequence, PlannerOptions options) =>
        sequence.Phase != SequencePhase.Prefill || sequence.PrefilledTokens == 0
            ? sequence.VirtualTime
            : sequence.VirtualTime - (sequence.PrefilledTokens % options.PrefillQuantum / sequence.Weight);
}
