using System.Runtime.InteropServices;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// Looks at every vector: a scan of 8-bit integers, which lie one behind the other in blocks. Nothing is built or trained, what is
/// added is found at once, and the only error is that of the rounding, which whoever has the floats corrects by looking at a few more.
/// </summary>
/// <param name="dimension">Floats of a vector.</param>
public sealed class FlatVectorIndex(int dimension) : IVectorIndex
{
    private const int BlockSize = 4_096;

    private readonly List<sbyte[]> _blocks = [];
    private readonly List<float> _scales = [];
    private readonly List<long> _ids = [];
    private readonly List<long> _groups = [];
    private readonly Dictionary<long, int> _places = [];

    public int Dimension => dimension;

    public int Count => _ids.Count;

    public void Add(long id, long group, ReadOnlySpan<float> vector)
    {
        Check(vector);
        if (!_places.TryGetValue(id, out var place))
        {
            place = _ids.Count;
            if (place == _blocks.Count * BlockSize)
            {
                _blocks.Add(new sbyte[BlockSize * dimension]);
            }

            _places.Add(id, place);
            _ids.Add(id);
            _groups.Add(group);
            _scales.Add(0);
        }

        _groups[place] = group;
        _scales[place] = Int8Vectors.Quantize(vector, At(place));
    }

    public bool Remove(long id)
    {
        if (!_places.Remove(id, out var place))
        {
            return false;
        }

        // The last one takes its place, so that there are no gaps to scan.
        var last = _ids.Count - 1;
        if (place != last)
        {
            At(last).CopyTo(At(place));
            (_ids[place], _groups[place], _scales[place]) = (_ids[last], _groups[last], _scales[last]);
            _places[_ids[place]] = place;
        }

        _ids.RemoveAt(last);
        _groups.RemoveAt(last);
        _scales.RemoveAt(last);
        if (_ids.Count <= (_blocks.Count - 1) * BlockSize)
        {
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        return true;
    }

    public int Search(ReadOnlySpan<float> query, IReadOnlySet<long>? groups, Span<VectorHit> hits)
    {
        Check(query);
        if (hits.IsEmpty)
        {
            return 0;
        }

        var integers = new sbyte[dimension];
        var scale = Int8Vectors.Quantize(query, integers);
        var best = new NearestHits(hits);
        var scales = CollectionsMarshal.AsSpan(_scales);
        for (var block = 0; block < _blocks.Count; block++)
        {
            ReadOnlySpan<sbyte> vectors = _blocks[block];
            var first = block * BlockSize;
            var end = Math.Min(_ids.Count, first + BlockSize);
            for (var place = first; place < end; place++)
            {
                if (groups is not null && !groups.Contains(_groups[place]))
                {
                    continue;
                }

                var similarity = Int8Vectors.Dot(integers, vectors.Slice((place - first) * dimension, dimension)) * scales[place] * scale;
                if (similarity > best.Threshold)
                {
                    best.Offer(new VectorHit(_ids[place], similarity));
                }
            }
        }

        return best.Sort();
    }

    private Span<sbyte> At(int place) => _blocks[place / BlockSize].AsSpan(place % BlockSize * dimension, dimension);

    private void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != dimension)
        {
            throw LlmosException.InvalidArgument($"A vector of {vector.Length} floats does not fit: the vector space has {dimension} dimensions.");
        }
    }
}
