namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Counts what the windows of all processes of a silo hold (L2).</summary>
public sealed class WindowMemory : IMemoryLevelSource
{
    private long _pages;
    private long _bytes;
    private long _hits;
    private long _faults;
    private long _evictions;

    public MemoryLevel Level => new(
        "L2", Interlocked.Read(ref _pages), Interlocked.Read(ref _bytes), Interlocked.Read(ref _hits), Interlocked.Read(ref _faults), Interlocked.Read(ref _evictions));

    public void Add(long pages, long bytes)
    {
        Interlocked.Add(ref _pages, pages);
        Interlocked.Add(ref _bytes, bytes);
    }

    public void Count(PagingActivity activity)
    {
        Interlocked.Add(ref _hits, activity.Hits);
        Interlocked.Add(ref _faults, activity.Faults);
        Interlocked.Add(ref _evictions, activity.Evictions);
    }
}
