using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>
/// How near the pages of a region are to a text: half by their vectors, half by the words that they have in common with it, rare ones before frequent ones (the inverse document frequency of BM25,
/// Robertson and Zaragoza 2009). A page is a few sentences about several things, and its vector alone hardly shows one name among them.
/// </summary>
public sealed class PageIndex(IVectorSpace space)
{
    private readonly FlatVectorIndex _vectors = new(space.Dimension);
    private readonly Dictionary<uint, List<int>> _places = [];

    public int Count => _vectors.Count;

    /// <summary>Adds the next page.</summary>
    public void Add(PageSketch page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var place = Count;
        _vectors.Add(place, 0, page.Vector.Length == space.Dimension ? page.Vector : new float[space.Dimension]);
        foreach (var word in page.Words)
        {
            if (!_places.TryGetValue(word, out var places))
            {
                _places.Add(word, places = []);
            }

            places.Add(place);
        }
    }

    /// <returns>For each page how near it is: at most 1.</returns>
    public float[] Similarities(string query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var similarities = new float[Count];
        if (query.Length == 0)
        {
            return similarities;
        }

        var hits = new VectorHit[Count];
        foreach (var hit in hits.AsSpan(0, _vectors.Search(space.Embed(query), null, hits)))
        {
            similarities[hit.Id] = hit.Similarity / 2;
        }

        var words = WordHashes.Of(query);
        var weights = words.ToDictionary(word => word, Weight);
        var all = weights.Values.Sum();
        foreach (var (word, weight) in weights)
        {
            foreach (var place in _places.GetValueOrDefault(word) ?? [])
            {
                similarities[place] += (float)(weight / all / 2);
            }
        }

        return similarities;
    }

    private double Weight(uint word)
    {
        var pages = _places.GetValueOrDefault(word)?.Count ?? 0;
        return Math.Log(1 + ((Count - pages + 0.5) / (pages + 0.5)));
    }
}
