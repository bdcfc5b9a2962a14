namespace LLMOS.Inference.Planning;

/// <summary>A sequence in the order of service; equal ranks go by arrival.</summary>
/// <param name="Rank">Its place.</param>
/// <param name="Arrival">The order in which the requests came.</param>
/// <param name="Index">Its index in what the planner was given.</param>
internal readonly record struct RankedSequence(Rank Rank, long Arrival, int Index) : IComparable<RankedSequence>
{
    public int CompareTo(RankedSequence other)
    {
        var order = Rank.CompareTo(other.Rank);
        if (order == 0)
            order = Arrival.CompareTo(other.Arrival);
        return order != 0 ? order : Index.CompareTo(other.Index);
    }
}
