namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Counts the vectors that the shards of the index hold in this silo.</summary>
public sealed class VectorMemory : IMemoryLevelSource
{
    // A vector is as many bytes as it has dimensions, with its scale, id, group and its place in a dictionary.
    private const int Overhead = 48;

    private long _vectors;
    private long _bytes;
    private long _searches;

    public MemoryLevel Level => new("RAM", Interlocked.Read(ref _vectors), Interlocked.Read(ref _bytes), Interlocked.Read(ref _searches), 0, 0);

    /// <summary>Counts vectors of a dimension, or, if they are fewer than none, counts them no more.</summary>
    public void Add(int vectors, int dimension)
    {
        Interlocked.Add(ref _vectors, vectors);
        Interlocked.Add(ref _bytes, (long)vectors * (dimension + Overhead));
    }

    public void CountSearch() => Interlocked.Increment(ref _searches);
}
