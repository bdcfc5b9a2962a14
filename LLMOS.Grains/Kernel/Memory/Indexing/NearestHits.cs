namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Keeps the nearest of many hits in a span: a binary heap with the farthest of them on top.</summary>
/// <param name="hits">The room for as many as are wanted.</param>
/// <param name="count">How many are in it already, as a heap.</param>
internal ref struct NearestHits(Span<VectorHit> hits, int count = 0)
{
    private readonly Span<VectorHit> _hits = hits;
    private int _count = count;

    /// <summary>How many are kept.</summary>
    public readonly int Count => _count;

    /// <summary>Whether there is no room for any.</summary>
    public readonly bool IsEmpty => _hits.IsEmpty;

    /// <summary>What is not nearer than this is not kept.</summary>
    public readonly float Threshold => _count < _hits.Length ? float.NegativeInfinity : _hits[0].Similarity;

    public void Offer(VectorHit hit)
    {
        if (_count < _hits.Length)
        {
            var place = _count++;
            while (place > 0 && _hits[(place - 1) / 2].Similarity > hit.Similarity)
            {
                _hits[place] = _hits[(place - 1) / 2];
                place = (place - 1) / 2;
            }

            _hits[place] = hit;
        }
        else if (hit.Similarity > _hits[0].Similarity)
        {
            var place = 0;
            while ((place * 2) + 1 is var child && child < _count)
            {
                child += child + 1 < _count && _hits[child + 1].Similarity < _hits[child].Similarity ? 1 : 0;
                if (_hits[child].Similarity >= hit.Similarity)
                {
                    break;
                }

                _hits[place] = _hits[child];
                place = child;
            }

            _hits[place] = hit;
        }
    }

    /// <summary>Sorts what was kept, the nearest first and of equals the one with the smaller id.</summary>
    /// <returns>How many there are.</returns>
    public readonly int Sort()
    {
        _hits[.._count].Sort(static (x, y) => x.Similarity != y.Similarity ? y.Similarity.CompareTo(x.Similarity) : x.Id.CompareTo(y.Id));
        return _count;
    }
}
