using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>The texts of pages that were read last, of all processes of a silo (L3): a page that is written to no more never changes, so what is here is right.</summary>
/// <param name="capacity">Bytes that it may hold.</param>
public sealed class PageCache(long capacity) : IMemoryLevelSource
{
    public const long DefaultCapacity = 64L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<(Guid Id, ImmutableArray<ContextEntry> Entries, long Bytes)> _byUse = new();
    private readonly Dictionary<Guid, LinkedListNode<(Guid Id, ImmutableArray<ContextEntry> Entries, long Bytes)>> _pages = [];
    private long _bytes;
    private long _hits;
    private long _misses;
    private long _evictions;

    /// <summary>How full it is, and how often it had what was asked for.</summary>
    public MemoryLevel Level
    {
        get
        {
            lock (_lock)
            {
                return new MemoryLevel("L3", _pages.Count, _bytes, _hits, _misses, _evictions);
            }
        }
    }

    public bool TryGet(Guid id, out ImmutableArray<ContextEntry> entries)
    {
        lock (_lock)
        {
            if (!_pages.TryGetValue(id, out var page))
            {
                _misses++;
                entries = [];
                return false;
            }

            _hits++;
            _byUse.Remove(page);
            _byUse.AddFirst(page);
            entries = page.Value.Entries;
            return true;
        }
    }

    public void Put(Guid id, ImmutableArray<ContextEntry> entries)
    {
        var bytes = PageSize.BytesOf(entries);
        lock (_lock)
        {
            Drop(id);
            if (bytes > capacity)
            {
                return;
            }

            _pages.Add(id, _byUse.AddFirst((id, entries, bytes)));
            _bytes += bytes;
            while (_bytes > capacity)
            {
                Drop(_byUse.Last!.Value.Id);
                _evictions++;
            }
        }
    }

    public void Remove(Guid id)
    {
        lock (_lock)
        {
            Drop(id);
        }
    }

    private void Drop(Guid id)
    {
        if (_pages.Remove(id, out var page))
        {
            _byUse.Remove(page);
            _bytes -= page.Value.Bytes;
        }
    }
}
