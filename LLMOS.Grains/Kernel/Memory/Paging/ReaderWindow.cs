using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What one reader of a region has of it in its window, and how it used its pages. It is kept in memory alone: whoever begins anew begins with nothing.</summary>
internal sealed class ReaderWindow(WindowMemory memory)
{
    private readonly Dictionary<Guid, (ImmutableArray<ContextEntry> Entries, long Bytes)> _pages = [];
    private readonly Dictionary<Guid, (long LastUse, int Uses)> _uses = [];

    /// <summary>The number of its turn.</summary>
    public long Now { get; private set; }

    public bool Has(Guid page) => _pages.ContainsKey(page);

    public ImmutableArray<ContextEntry>? Find(Guid page) => _pages.TryGetValue(page, out var there) ? there.Entries : null;

    public (long LastUse, int Uses) UseOf(Guid page) => _uses.GetValueOrDefault(page);

    public void BeginTurn() => Now++;

    public void Use(Guid page, bool isAsked)
    {
        var (_, uses) = UseOf(page);
        _uses[page] = (Now, isAsked ? uses + 1 : uses);
    }

    /// <summary>Takes pages in and drops all others.</summary>
    /// <returns>How many were there, how many came, and how many left.</returns>
    public PagingActivity Replace(IReadOnlyCollection<(Guid Id, ImmutableArray<ContextEntry> Entries)> pages)
    {
        var wanted = pages.Select(page => page.Id).ToHashSet();
        var left = _pages.Keys.Where(page => !wanted.Contains(page)).ToList();
        left.ForEach(Drop);
        var hits = 0;
        foreach (var (id, entries) in pages)
        {
            if (_pages.ContainsKey(id))
            {
                hits++;
                Drop(id);
            }

            var bytes = PageSize.BytesOf(entries);
            _pages[id] = (entries, bytes);
            memory.Add(1, bytes);
        }

        return new PagingActivity(hits, pages.Count - hits, left.Count);
    }

    public void Clear()
    {
        foreach (var page in _pages.Keys.ToList())
        {
            Drop(page);
        }
    }

    private void Drop(Guid page)
    {
        if (_pages.Remove(page, out var there))
        {
            memory.Add(-1, -there.Bytes);
        }
    }
}
