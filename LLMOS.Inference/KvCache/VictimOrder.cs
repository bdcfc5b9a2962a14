namespace LLMOS.Inference.KvCache;

/// <summary>
/// Who loses its place first when memory is short, in the cache and in each tier below it: retained prefixes, then the lowest priority, then whoever is expected to be used last
/// (Belady, 1966, with an estimate for the future), then the longest unused.
/// </summary>
public sealed class VictimOrder : IComparer<VictimCandidate>
{
    public static VictimOrder Instance { get; } = new();

    /// <summary>Negative when <paramref name="x"/> goes before <paramref name="y"/>.</summary>
    public int Compare(VictimCandidate x, VictimCandidate y)
    {
        if (x.IsRetained != y.IsRetained)
            return x.IsRetained ? -1 : 1;
        if (x.Class != y.Class)
            return ((int)y.Class).CompareTo((int)x.Class); // An enum's own CompareTo boxes.
        if (x.Priority != y.Priority)
            return y.Priority.CompareTo(x.Priority);
        var nextUse = (y.NextUse ?? TimeSpan.MaxValue).CompareTo(x.NextUse ?? TimeSpan.MaxValue);
        return nextUse != 0 ? nextUse : x.LastServedStep.CompareTo(y.LastServedStep);
    }
}
