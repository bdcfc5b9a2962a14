namespace LLMOS.Inference.Planning;

/// <summary>
/// Sequences that wait to be swapped in, in the order of service. A level that cannot get room any more is closed as a whole, so that a step in
/// which nothing changes looks at one of each level and not at all that wait.
/// </summary>
internal sealed class CandidateQueue
{
    private readonly RankedHeap[] _levels = [.. Enumerable.Range(0, Rank.Levels).Select(_ => new RankedHeap())];
    private int _open = Rank.Levels;

    public void Clear()
    {
        foreach (var level in _levels)
            level.Clear();
        _open = Rank.Levels;
    }

    /// <summary>Adds without regard to the order: <see cref="Build"/> makes it.</summary>
    public void Add(in RankedSequence candidate) => _levels[candidate.Rank.Level].Add(candidate);

    public void Build()
    {
        foreach (var level in _levels)
            level.Build();
    }

    /// <summary>Leaves out all candidates that remain on this level and on worse ones.</summary>
    public void Close(int level) => _open = Math.Min(_open, level);

    public bool TryPop(out RankedSequence candidate)
    {
        var best = -1;
        for (var level = 0; level < _open; level++)
        {
            if (_levels[level].Count > 0 && (best < 0 || RankedSequence.Compare(_levels[level].Top, _levels[best].Top) < 0))
                best = level;
        }
        candidate = best < 0 ? default : _levels[best].Pop();
        return best >= 0;
    }
}
