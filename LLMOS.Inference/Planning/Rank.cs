namespace LLMOS.Inference.Planning;

/// <summary>A sequence's place in the order of service; what compares less comes first.</summary>
/// <param name="Tier">One of <see cref="RankTier"/>, or a policy's own from <see cref="RankTier.Shared"/> on. A better tier takes room from a worse one at once.</param>
/// <param name="Level">
/// 0 to <see cref="Levels"/> - 1. Within a tier a better level takes room from a worse one at once if its key does not come later; equal
/// levels take turns by quantum. It grows with the tier: a worse tier's levels are no better than those of a better one.
/// </param>
/// <param name="Key">The order within a tier.</param>
public readonly record struct Rank(int Tier, int Level, double Key) : IComparable<Rank>
{
    /// <summary>How many levels there are: one for each scheduling class.</summary>
    public const int Levels = 5;

    public int CompareTo(Rank other) => Compare(this, other);

    /// <summary>Compares without copying; planning a step does little else.</summary>
    internal static int Compare(in Rank x, in Rank y)
    {
        if (x.Tier != y.Tier)
            return x.Tier < y.Tier ? -1 : 1;
        if (x.Key < y.Key)
            return -1;
        if (x.Key > y.Key)
            return 1;
        var order = x.Key.CompareTo(y.Key); // Not 0 only if one is not a number.
        return order != 0 ? order : x.Level.CompareTo(y.Level);
    }

    public static bool operator <(Rank left, Rank right) => left.CompareTo(right) < 0;

    public static bool operator >(Rank left, Rank right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rank left, Rank right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rank left, Rank right) => left.CompareTo(right) >= 0;
}
