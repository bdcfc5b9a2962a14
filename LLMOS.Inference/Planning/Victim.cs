using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Planning;

/// <summary>A sequence that has a place in the context which others may want.</summary>
/// <param name="Kind">How little it needs it.</param>
/// <param name="Ranked">Its place in the order of service; without meaning when it is <see cref="VictimKind.Unused"/>.</param>
/// <param name="Worth">What its KV is worth to it.</param>
/// <param name="Cells">KV cells that its going frees.</param>
internal readonly record struct Victim(VictimKind Kind, RankedSequence Ranked, VictimCandidate Worth, int Cells) : IComparable<Victim>
{
    public int Index => Ranked.Index;

    /// <summary>Unused ones first, the least worth before others; then those whose turn is the furthest away.</summary>
    public int CompareTo(Victim other)
    {
        var order = ((int)Kind).CompareTo((int)other.Kind); // An enum's own CompareTo boxes.
        if (order == 0 && Kind <= VictimKind.Paused)
            order = VictimOrder.Instance.Compare(Worth, other.Worth);
        return order != 0 ? order : RankedSequence.Compare(other.Ranked, Ranked);
    }
}
