namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Makes the indexes of shards, and keeps them beyond the life of a silo where it can. What it keeps is never the only copy: the log is.</summary>
public interface IVectorIndexes
{
    /// <summary>An index of a shard: what was kept of it, or an empty one.</summary>
    KeptIndex Open(IVectorLog log, int shard, int shards);

    /// <summary>An empty index of a shard; what was kept is thrown away.</summary>
    KeptIndex Renew(IVectorLog log, int shard, int shards);

    /// <summary>Throws away what was kept of all shards of a log that is gone.</summary>
    /// <param name="identity">The log.</param>
    /// <param name="shards">How many shards it had.</param>
    /// <returns>False when that could not be done now, and is to be tried again.</returns>
    bool Remove(string identity, int shards);

    /// <summary>Keeps an index as it is. One that cannot be kept is no error: it is made from the log again.</summary>
    void Keep(IVectorLog log, int shard, int shards, KeptIndex index);
}
