namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Counts the vectors that the shards of the index hold in this silo.</summary>
public sealed class VectorMemory(IVectorSpace space) : IMemoryLevelSource
{
    // A vector is as many bytes as it has dimensions, with its scale, id, group and its place in a dictionary.
    private const int Overhead = 48;

    private long _vectors;
    private long _searches;

    public MemoryLevel Level => new("RAM", Interlocked.Read(ref _vectors), Interlocked.Read(ref _vectors) * (space.Dimension + Overhead), Interlocked.Read(ref _searches), 0, 0);

    public void Add(int vectors) => Interlocked.Add(ref _vectors, vectors);

    public void CountSearch() => Interlocked.Increment(ref _searches);
}
