using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Silo.Tests.Embeddings;

/// <summary>A log that counts how many vectors were read from it.</summary>
internal sealed class CountedLog(IVectorLog log) : IVectorLog
{
    public int ReadVectors { get; private set; }

    public string Identity => log.Identity;

    public int Dimension => log.Dimension;

    public long ReadAfter(long after, int shard, int shards, VectorReader read) => log.ReadAfter(after, shard, shards, (id, group, vector) =>
    {
        ReadVectors++;
        read(id, group, vector);
    });

    public long ReadRemovedAfter(long after, Action<long> removed) => log.ReadRemovedAfter(after, removed);

    public IReadOnlyList<float[]> Read(IReadOnlyList<long> ids) => log.Read(ids);

    public int Count(int shard, int shards) => log.Count(shard, shards);

    public IReadOnlySet<long> Matching(MetadataFilter filter, int shard, int shards) => log.Matching(filter, shard, shards);
}
