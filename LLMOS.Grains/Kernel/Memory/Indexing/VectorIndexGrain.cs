using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>A shard. Between two steps of its turn nothing else touches the index, since none of them waits.</summary>
internal sealed class VectorIndexGrain(IVectorLog log, IVectorSpace space, VectorMemory memory) : Grain, IVectorIndexGrain
{
    /// <summary>How many more than are wanted are looked at exactly: rounding moves a vector by a few places.</summary>
    private const int MoreThanWanted = 30;

    private readonly FlatVectorIndex _index = new(space.Dimension);
    private long _read;
    private long _removed = -1;
    private int _counted;

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        memory.Add(-_counted);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<VectorHit>> SearchAsync(float[] query, int count, ImmutableArray<long> groups = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        CatchUp();
        memory.CountSearch();
        var hits = new VectorHit[Math.Min(_index.Count, count + MoreThanWanted)];
        var found = _index.Search(query, groups.IsDefault ? null : groups.ToFrozenSet(), hits);
        return Task.FromResult(Rerank(query, hits.AsSpan(0, found), count));
    }

    public Task<int> CountAsync()
    {
        CatchUp();
        return Task.FromResult(_index.Count);
    }

    private ImmutableArray<VectorHit> Rerank(float[] query, Span<VectorHit> hits, int count)
    {
        var ids = new long[hits.Length];
        for (var i = 0; i < hits.Length; i++)
        {
            ids[i] = hits[i].Id;
        }

        var vectors = log.Read(ids);
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new VectorHit(ids[i], vectors[i].Length == query.Length ? TensorPrimitives.Dot<float>(query, vectors[i]) : float.NegativeInfinity);
        }

        hits.Sort(static (x, y) => x.Similarity != y.Similarity ? y.Similarity.CompareTo(x.Similarity) : x.Id.CompareTo(y.Id));
        return [.. hits[..Math.Min(count, hits.Length)]];
    }

    private void CatchUp()
    {
        if (_removed < 0)
        {
            // What is out of use by now is not read at all.
            _removed = log.ReadRemovedAfter(long.MaxValue, static _ => { });
        }

        // Removals are looked at last: one may be of a vector that is read only now.
        _read = log.ReadAfter(_read, (int)this.GetPrimaryKeyLong(), IVectorIndexGrain.Shards, _index.Add);
        _removed = log.ReadRemovedAfter(_removed, id => _index.Remove(id));
        memory.Add(_index.Count - _counted);
        _counted = _index.Count;
    }
}
