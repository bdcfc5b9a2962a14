namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>The durable log of vectors, from which every index can be made again. A storage provider implements it.</summary>
public interface IVectorLog
{
    /// <summary>Reads vectors that are in use, by id.</summary>
    /// <param name="after">Only ids after this one.</param>
    /// <param name="shard">Only ids that leave this when they are divided by <paramref name="shards"/>.</param>
    /// <param name="shards">How many shards there are.</param>
    /// <param name="read">Is called with id, group and vector; the vector is valid during the call.</param>
    /// <returns>The id up to which it was read, those of other shards and those that are out of use included.</returns>
    long ReadAfter(long after, int shard, int shards, VectorReader read);

    /// <summary>Reads which vectors went out of use.</summary>
    /// <param name="after">The number of the removal after which to begin.</param>
    /// <param name="removed">Is called with the id of each.</param>
    /// <returns>The number of the last removal.</returns>
    long ReadRemovedAfter(long after, Action<long> removed);

    /// <summary>The exact vectors of some ids, in their order; an empty one for an id that is not there.</summary>
    IReadOnlyList<float[]> Read(IReadOnlyList<long> ids);
}
