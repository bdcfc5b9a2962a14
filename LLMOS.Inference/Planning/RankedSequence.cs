namespace LLMOS.Inference.Planning;

/// <summary>A sequence in the order of service; equal ranks go by arrival.</summary>
/// <param name="Rank">Its place.</param>
/// <param name="Arrival">The order in which the requests came.</param>
/// <param name="Index">Its index in what the planner was given.</param>
internal readonly record struct RankedSequence(Rank Rank, long Arrival, int Index) : IComparable<RankedSequence>
{
    public int CompareTo(RankedSequence other) => Compare(this, other);

    /// <summary>Compares without copying.</summary>
    public static int Compare(in RankedSequence x, in RankedSequence y)
    {
        var order = Rank.Compare(x.Rank, y.Rank);
        if (order != 0)
            return order;
        if (x.Arrival != y.Arrival)
            return x.Arrival < y.Arrival ? -1 : 1;
        return x.Index.CompareTo(y.Index);
    }
}
