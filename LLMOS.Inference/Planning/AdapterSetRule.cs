namespace LLMOS.Inference.Planning;

/// <summary>
/// Which adapter set a step computes: that of whoever comes first. One that is applied keeps a short turn against sets that are no more important, and of four steps that reserved
/// sequences would have one goes to the longest overdue.
/// </summary>
internal static class AdapterSetRule
{
    /// <summary>Of so many steps in a row that reserved sequences take, an overdue one of another set gets one.</summary>
    public const int ReservedSteps = 4;

    /// <param name="first">Who comes first of all that the step could serve.</param>
    /// <param name="firstSet">Its adapter set.</param>
    /// <param name="overdueSet">The set of the longest overdue one; -1 when there is none.</param>
    /// <param name="applied">Who comes first of the set that is applied; null when it has nobody.</param>
    /// <param name="limits">What the step may use.</param>
    /// <param name="options">The figures of the policy.</param>
    public static int Choose(in RankedSequence first, int firstSet, int overdueSet, RankedSequence? applied, in StepLimits limits, PlannerOptions options)
    {
        if (first.Rank.Tier == RankTier.Reserved)
            return overdueSet >= 0 && limits.Step % ReservedSteps == 0 ? overdueSet : firstSet;
        var keeps = first.Rank.Tier >= RankTier.Shared && limits.AppliedSteps < options.AdapterTurn
            && applied is { } own && own.Rank.Tier == first.Rank.Tier && own.Rank.Level <= first.Rank.Level;
        return keeps ? limits.AppliedSet : firstSet;
    }
}
