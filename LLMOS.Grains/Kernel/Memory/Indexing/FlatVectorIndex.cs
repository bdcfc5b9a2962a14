using System.Numerics;
using System.Runtime.InteropServices;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// Looks at every vector: a scan of 8-bit integers, which lie one behind the other in blocks. Nothing is built or trained, what is
/// added is found at once, and the only error is that of the rounding, which whoever has the floats corrects by looking at a few more.
/// </summary>
public sealed class FlatVectorIndex : IVectorIndex
{
    /// <summary>Vectors of a block.</summary>
    public const int BlockSize = 4_096;

    // As many vectors as stay in a core's cache while several queries look at them.
    private const int CachedBytes = 24 * 1_024;

    // Vectors whose sums are made before any is compared.
    private const int AtOnce = 64;

    private readonly List<Memory<sbyte>> _blocks = [];
    private readonly List<float> _scales = [];
    private readonly List<long> _ids = [];
    private readonly List<long> _groups = [];
    private readonly Dictionary<long, int> _places = [];

    /// <param name="dimension">Floats of a vector.</param>
    public FlatVectorIndex(int dimension) => Dimension = dimension;

    /// <summary>An index of vectors that were rounded before. The blocks are changed in place.</summary>
    /// <param name="dimension">Floats of a vector.</param>
    /// <param name="ids">The ids, each once.</param>
    /// <param name="groups">Of each its group.</param>
    /// <param name="scales">Of each its scale.</param>
    /// <param name="blocks">The integers, in blocks of <see cref="BlockSize"/> vectors; the last block has room for as many as the others.</param>
    public FlatVectorIndex(int dimension, ReadOnlySpan<long> ids, ReadOnlySpan<long> groups, ReadOnlySpan<float> scales, IReadOnlyList<Memory<sbyte>> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        Dimension = dimension;
        _ids.AddRange(ids);
        _groups.AddRange(groups);
        _scales.AddRange(scales);
        _blocks.AddRange(blocks);
        _places.EnsureCapacity(ids.Length);
        for (var place = 0; place < ids.Length; place++)
        {
            _places.Add(ids[place], place);
        }
    }

    public int Dimension { get; }

    public int Count => _ids.Count;

    /// <summary>The ids, in the order of their places.</summary>
    public ReadOnlySpan<long> Ids => CollectionsMarshal.AsSpan(_ids);

    /// <summary>The groups, in the order of their places.</summary>
    public ReadOnlySpan<long> Groups => CollectionsMarshal.AsSpan(_groups);

    /// <summary>The scales, in the order of their places.</summary>
    public ReadOnlySpan<float> Scales => CollectionsMarshal.AsSpan(_scales);

    public int Blocks => _blocks.Count;

    /// <summary>The integers of the vectors of a block, as many as there are.</summary>
    public ReadOnlySpan<sbyte> Block(int block) => _blocks[block].Span[..(Math.Min(BlockSize, _ids.Count - (block * BlockSize)) * Dimension)];

    public void Add(long id, long group, ReadOnlySpan<float> vector)
    {
        Check(vector);
        if (!_places.TryGetValue(id, out var place))
        {
            place = _ids.Count;
            if (place == _blocks.Count * BlockSize)
            {
                _blocks.Add(new sbyte[BlockSize * Dimension]);
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

        var integers = new sbyte[Dimension];
        var scale = Int8Vectors.Quantize(query, integers);
        var best = new NearestHits(hits);
        if (groups is null)
        {
            ScanAll(integers, scale, 0, Count, ref best);
            return best.Sort();
        }

        var scales = CollectionsMarshal.AsSpan(_scales);
        var ofGroups = CollectionsMarshal.AsSpan(_groups);

        // One directory is what is mostly asked for.
        var only = groups.Count == 1 ? groups.First() : (long?)null;
        for (var block = 0; block < _blocks.Count; block++)
        {
            ReadOnlySpan<sbyte> vectors = _blocks[block].Span;
            var first = block * BlockSize;
            var end = Math.Min(_ids.Count, first + BlockSize);
            for (var place = first; place < end; place++)
            {
                if (only is { } group ? ofGroups[place] != group : !groups.Contains(ofGroups[place]))
                {
                    continue;
                }

                var similarity = Int8Vectors.Dot(integers, vectors.Slice((place - first) * Dimension, Dimension)) * scales[place] * scale;
                if (similarity > best.Threshold)
                {
                    best.Offer(new VectorHit(_ids[place], similarity));
                }
            }
        }

        return best.Sort();
    }

    public VectorHit[][] Search(IReadOnlyList<float[]> queries, IReadOnlySet<long>? ids, int count)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var integers = new sbyte[queries.Count * Dimension];
        var scales = new float[queries.Count];
        var room = new VectorHit[queries.Count][];
        var found = new int[queries.Count];
        var places = ids is null ? null : PlacesOf(ids);
        for (var query = 0; query < queries.Count; query++)
        {
            Check(queries[query]);
            scales[query] = Int8Vectors.Quantize(queries[query], integers.AsSpan(query * Dimension, Dimension));
            room[query] = new VectorHit[Math.Min(count, places?.Length ?? Count)];
        }

        // All queries look at a part of the vectors before any looks at the next, so that it comes out of memory once.
        var step = Math.Max(1, CachedBytes / Dimension);
        for (var first = 0; first < (places?.Length ?? Count); first += step)
        {
            var end = Math.Min(places?.Length ?? Count, first + step);
            for (var query = 0; query < queries.Count; query++)
            {
                var best = new NearestHits(room[query], found[query]);
                Scan(integers.AsSpan(query * Dimension, Dimension), scales[query], places, first, end, ref best);
                found[query] = best.Count;
            }
        }

        for (var query = 0; query < queries.Count; query++)
        {
            new NearestHits(room[query], found[query]).Sort();
            Array.Resize(ref room[query], found[query]);
        }

        return room;
    }

    private void Scan(ReadOnlySpan<sbyte> query, float scale, int[]? places, int first, int end, ref NearestHits best)
    {
        if (best.IsEmpty)
        {
            return;
        }

        if (places is null)
        {
            ScanAll(query, scale, first, end, ref best);
            return;
        }

        var scales = CollectionsMarshal.AsSpan(_scales);
        foreach (var place in places.AsSpan(first, end - first))
        {
            var similarity = Int8Vectors.Dot(query, At(place)) * scales[place] * scale;
            if (similarity > best.Threshold)
            {
                best.Offer(new VectorHit(_ids[place], similarity));
            }
        }
    }

    /// <summary>Looks at all vectors from a place to another.</summary>
    private void ScanAll(ReadOnlySpan<sbyte> query, float scale, int first, int end, ref NearestHits best)
    {
        var scales = CollectionsMarshal.AsSpan(_scales);
        var threshold = best.Threshold;
        Span<int> sums = stackalloc int[AtOnce];
        for (int place = first, next; place < end; place = next)
        {
            var block = place / BlockSize;
            next = Math.Min(Math.Min(end, place + AtOnce), (block + 1) * BlockSize);
            ReadOnlySpan<sbyte> vectors = _blocks[block].Span.Slice((place - (block * BlockSize)) * Dimension, (next - place) * Dimension);
            Int8Vectors.Dots(query, vectors, sums[..(next - place)]);
            for (var i = place; i < next; i++)
            {
                // Nearly none is nearer than those that were found: several are passed over with one comparison.
                while (i + Vector<float>.Count <= next && !AnyAbove(threshold, sums[(i - place)..], scales[i..], scale))
                {
                    i += Vector<float>.Count;
                }

                if (i == next)
                {
                    break;
                }

                var similarity = sums[i - place] * scales[i] * scale;
                if (similarity > threshold)
                {
                    best.Offer(new VectorHit(_ids[i], similarity));
                    threshold = best.Threshold;
                }
            }
        }
    }

    private static bool AnyAbove(float threshold, ReadOnlySpan<int> sums, ReadOnlySpan<float> scales, float scale) => Vector.GreaterThanAny(
        Vector.ConvertToSingle(new Vector<int>(sums)) * new Vector<float>(scales) * scale, new Vector<float>(threshold));

    /// <summary>Where some vectors are, in the order in which they lie in memory.</summary>
    private int[] PlacesOf(IReadOnlySet<long> ids)
    {
        var places = new List<int>(Math.Min(ids.Count, Count));
        foreach (var id in ids)
        {
            if (_places.TryGetValue(id, out var place))
            {
                places.Add(place);
            }
        }

        places.Sort();
        return [.. places];
    }

    private Span<sbyte> At(int place) => _blocks[place / BlockSize].Span.Slice(place % BlockSize * Dimension, Dimension);

    private void Check(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimension)
        {
            throw LlmosException.InvalidArgument($"A vector of {vector.Length} floats does not fit: the vector space has {Dimension} dimensions.");
        }
    }
}
