using System.Numerics;

namespace LLMOS.Inference.Planning.Policies;

/// <summary>
/// Least attained service of the whole process tree: programs that have had little come before those that have had much, so that short ones end
/// early without anyone having said how long they are.
/// </summary>
/// <remarks>
/// Program-level attained service as in Autellix (Luo et al., 2025). Service is told apart in powers of two of a quantum, and those of one level take
/// turns by quantum; else trees of almost equal service would take each other's place all the time.
/// </remarks>
public sealed class PlasPolicy : ISchedulingPolicy
{
    public string Name => "plas";

    public bool IsPreemptive => true;

    public Rank Place(in SequenceState sequence, in Backlog backlog, bool reserved)
    {
        var waited = AgingRule.CountedWait(sequence, backlog.Options);
        var due = AgingRule.DueAfter(SchedulingClass.DefaultPriority, backlog.AgingStep);
        return waited >= due
            ? new Rank(RankTier.Aged, 0, due - waited)
            : new Rank(RankTier.Shared + LevelOf(sequence.TreeService, backlog.Options.Quantum), 0, -sequence.WaitedSteps);
    }

    /// <summary>0 below a quantum's worth of generated tokens, and one more for each doubling.</summary>
    private static int LevelOf(double service, int quantum)
    {
        var quanta = (ulong)Math.Clamp(service / ((double)quantum * WeightedTokens.Decode), 0, long.MaxValue / 2);
        return quanta == 0 ? 0 : 1 + BitOperations.Log2(quanta);
    }
}
