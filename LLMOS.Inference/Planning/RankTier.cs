namespace LLMOS.Inference.Planning;

/// <summary>The tiers that every policy has, best first.</summary>
public static class RankTier
{
    /// <summary>REALTIME inside its reservation.</summary>
    public const int Reserved = 0;

    /// <summary>Waited past the bound of aging, or brought in for that and not through its quantum yet.</summary>
    public const int Aged = 1;

    /// <summary>The first of a policy's own.</summary>
    public const int Shared = 2;
}
