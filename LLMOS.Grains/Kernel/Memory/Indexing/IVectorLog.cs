namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>A durable log of vectors, from which every index can be made again. A storage provider implements it.</summary>
public interface IVectorLog
{
    /// <summary>Names the log, and no other of this store or of another one.</summary>
    string Identity { get; }

    /// <summary>Floats of a vector.</summary>
    int Dimension { get; }

    /// <summary>Reads vectors that are in use, by id.</summary>
    /// <param name="after">Only ids after this one.</param>
    /// <param name="shard">Only ids that leave this when they are divided by <paramref name="shards"/>.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="read">Is called with id, group and vector; the vector is valid during the call.</param>
    /// <returns>The id up to which it was read, those of other shards and those that are out of use included.</returns>
    long ReadAfter(long after, int shard, int shards, VectorReader read);

    /// <summary>Reads which vectors went out of use.</summary>
    /// <param name="after">The number of the removal after which to begin; <see cref="long.MaxValue"/> for none.</param>
    /// <param name="removed">Is called with the id of each.</param>
    /// <returns>The number of the last removal; -1 when removals after that number have been forgotten, so that an index of then has to be made anew.</returns>
    long ReadRemovedAfter(long after, Action<long> removed);

    /// <summary>The exact vectors of some ids, in their order; an empty one for an id that is not there.</summary>
    IReadOnlyList<float[]> Read(IReadOnlyList<long> ids);

    /// <summary>How many vectors of a shard are in use.</summary>
    int Count(int shard, int shards);

    /// <summary>The ids of the vectors of a shard that a filter lets through.</summary>
    /// <exception cref="LlmosException">The filter is wrong, or the log has no metadata.</exception>
    IReadOnlySet<long> Matching(MetadataFilter filter, int shard, int shards);
}
