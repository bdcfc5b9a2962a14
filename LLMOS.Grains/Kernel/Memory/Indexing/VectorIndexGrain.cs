using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics.Tensors;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>A shard. Between two steps of its turn nothing else touches the index, since none of them waits.</summary>
internal sealed class VectorIndexGrain(IVectorLogs logs, IVectorIndexes indexes, VectorMemory memory) : Grain, IVectorIndexGrain
{
    /// <summary>How many more than are wanted are looked at exactly: rounding moves a vector by a few places.</summary>
    private const int MoreThanWanted = 30;

    // What is read in a fraction of a second is not kept.
    private const int WorthKeeping = 2_000;
    private const int ManyChanges = 20_000;

    private IVectorLog? _log;
    private KeptIndex? _kept;
    private int _counted;
    private int _changes;

    private int Shard => (int)(this.GetPrimaryKeyLong() % IVectorIndexGrain.Shards);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_kept is { } kept)
        {
            memory.Add(-_counted, kept.Index.Dimension);
            if (_changes >= WorthKeeping)
            {
                Keep(kept);
            }

            kept.Owner?.Dispose();
        }

        return Task.CompletedTask;
    }

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
        Keep(_kept!);
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
        var log = Log();
        var isOpened = _kept is null;
        var kept = Follow(log, _kept ?? indexes.Open(log, Shard, IVectorIndexGrain.Shards));

        // What was kept is believed only if it is as long as the log says: the store may have been put back to an older copy since.
        if (kept is { Read: > 0 } && isOpened && kept.Index.Count != log.Count(Shard, IVectorIndexGrain.Shards))
        {
            kept.Owner?.Dispose();
            kept = null;
        }

        while (kept is null)
        {
            Forget();
            kept = Follow(log, indexes.Renew(log, Shard, IVectorIndexGrain.Shards));
        }

        _kept = kept;
        memory.Add(kept.Index.Count - _counted, kept.Index.Dimension);
        _counted = kept.Index.Count;
        if (_changes >= Math.Max(ManyChanges, _counted / 4))
        {
            Keep(kept);
        }

        return kept.Index;
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

    /// <summary>Reads what is new in the log.</summary>
    /// <returns>Null when removals were forgotten that the index does not know of; it is disposed then.</returns>
    private KeptIndex? Follow(IVectorLog log, KeptIndex kept)
    {
        // Of an empty index what is out of use by now is not read at all.
        var removed = kept.Removed < 0 ? log.ReadRemovedAfter(long.MaxValue, static _ => { }) : kept.Removed;

        // Removals are looked at last: one may be of a vector that is read only now.
        var read = log.ReadAfter(kept.Read, Shard, IVectorIndexGrain.Shards, (id, group, vector) =>
        {
            kept.Index.Add(id, group, vector);
            _changes++;
        });
        removed = log.ReadRemovedAfter(removed, id => _changes += kept.Index.Remove(id) ? 1 : 0);
        if (removed < 0)
        {
            kept.Owner?.Dispose();
            return null;
        }

        return kept with { Read = read, Removed = removed };
    }

    private void Forget()
    {
        if (_kept is { } old)
        {
            memory.Add(-_counted, old.Index.Dimension);
        }

        (_kept, _counted, _changes) = (null, 0, 0);
    }

    private void Keep(KeptIndex kept)
    {
        indexes.Keep(_log!, Shard, IVectorIndexGrain.Shards, kept);
        _changes = 0;
    }
}
