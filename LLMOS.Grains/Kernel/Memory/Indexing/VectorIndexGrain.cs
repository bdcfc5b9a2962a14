using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>A shard. Between two steps of its turn nothing else touches the index, since none of them waits.</summary>
internal sealed class VectorIndexGrain(IVectorLogs logs, IVectorIndexes indexes, VectorMemory memory) : Grain, IVectorIndexGrain, IDisposable
{
    /// <summary>How many more than are wanted are looked at exactly: rounding moves a vector by a few places. As many are looked at in each shard.</summary>
    private const int MoreThanWanted = 12;

    private ShardIndex? _index;
    private IVectorLog? _log;
    private int _counted;

    private int Shard => (int)(this.GetPrimaryKeyLong() % IVectorIndexGrain.Shards);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _index = new ShardIndex(indexes, Shard, IVectorIndexGrain.Shards);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        memory.Add(-_counted, _index!.Dimension);
        _counted = 0;
        return Task.CompletedTask;
    }

    /// <summary>Called by the runtime after the deactivation.</summary>
    public void Dispose() => _index?.Dispose();

    public Task<ImmutableArray<VectorHit>> SearchAsync(float[] query, int count, ImmutableArray<long> groups = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var index = CatchUp();
        memory.CountSearch();
        var hits = new VectorHit[Math.Min(index.Count, count + MoreThanWanted)];
        var found = index.Search(query, groups.IsDefault ? null : groups.ToFrozenSet(), hits);
        return Task.FromResult(Rerank(query, hits.AsSpan(0, found), count));
    }

    public Task<ImmutableArray<ImmutableArray<VectorHit>>> SearchManyAsync(ImmutableArray<float[]> queries, int count, MetadataFilter? filter = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var index = CatchUp();
        var ids = filter is null ? null : _log!.Matching(filter, Shard, IVectorIndexGrain.Shards);
        var hits = index.Search(queries, ids, count + MoreThanWanted);
        var exact = ImmutableArray.CreateBuilder<ImmutableArray<VectorHit>>(queries.Length);
        for (var query = 0; query < queries.Length; query++)
        {
            memory.CountSearch();
            exact.Add(Rerank(queries[query], hits[query], count));
        }

        return Task.FromResult(exact.ToImmutable());
    }

    public Task<int> CountAsync() => Task.FromResult(CatchUp().Count);

    public Task SaveAsync()
    {
        CatchUp();
        _index!.Keep();
        return Task.CompletedTask;
    }

    public Task DropAsync()
    {
        memory.Add(-_counted, _index!.Dimension);
        _counted = 0;
        _index.Drop();
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private ImmutableArray<VectorHit> Rerank(float[] query, Span<VectorHit> hits, int count)
    {
        var ids = new long[hits.Length];
        for (var i = 0; i < hits.Length; i++)
        {
            ids[i] = hits[i].Id;
        }

        var vectors = _log!.Read(ids);
        for (var i = 0; i < hits.Length; i++)
        {
            hits[i] = new VectorHit(ids[i], vectors[i].Length == query.Length ? TensorPrimitives.Dot<float>(query, vectors[i]) : float.NegativeInfinity);
        }

        hits.Sort(static (x, y) => x.Similarity != y.Similarity ? y.Similarity.CompareTo(x.Similarity) : x.Id.CompareTo(y.Id));
        return [.. hits[..Math.Min(count, hits.Length)]];
    }

    private IVectorIndex CatchUp()
    {
        var index = _index!.CatchUp(Log());
        memory.Add(index.Count - _counted, index.Dimension);
        _counted = index.Count;
        return index;
    }

    /// <summary>The log as it is now. That its collection is gone is found out here, before each use.</summary>
    private IVectorLog Log()
    {
        try
        {
            return _log = logs.Get(this.GetPrimaryKeyLong() / IVectorIndexGrain.Shards);
        }
        catch (LlmosException)
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
