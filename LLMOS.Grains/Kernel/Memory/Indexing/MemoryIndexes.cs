namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>Flat indexes in memory, made from the log each time.</summary>
internal sealed class MemoryIndexes : IVectorIndexes
{
    public KeptIndex Open(IVectorLog log, int shard, int shards) => new(new FlatVectorIndex(log.Dimension));

    public KeptIndex Renew(IVectorLog log, int shard, int shards) => Open(log, shard, shards);

    public bool Remove(string identity, int shards) => true;

    public void Keep(IVectorLog log, int shard, int shards, KeptIndex index)
    {
    }
}
