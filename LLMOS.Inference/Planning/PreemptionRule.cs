namespace LLMOS.Inference.Planning;

/// <summary>Who may take whose place. A candidate that comes later, on the same level or a worse one, may take no place that an earlier one may not.</summary>
internal static class PreemptionRule
{
    /// <param name="candidate">Who wants a place.</param>
    /// <param name="victim">Who has one.</param>
    /// <param name="quantumUsed">Whether a running victim is through its quantum.</param>
    public static bool MayTake(in RankedSequence candidate, in Victim victim, bool quantumUsed)
    {
        switch (victim.Kind)
        {
            case VictimKind.Unused or VictimKind.Paused:
                return true;
            case VictimKind.Waiting:
                return candidate.CompareTo(victim.Ranked) < 0;
        }
        var (wants, has) = (candidate.Rank, victim.Ranked.Rank);
        return has.Tier switch
        {
            RankTier.Reserved => false,
            RankTier.Aged => wants.Tier == RankTier.Reserved,
            _ when wants.Tier != has.Tier => wants.Tier < has.Tier,
            _ => (quantumUsed && wants.Key < has.Key) || (wants.Level < has.Level && wants.Key <= has.Key),
        };
    }
}
