using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Kernel.Memory;

/// <summary>What is stored of a context region.</summary>
[GenerateSerializer, Alias("llmos.context-region-record")]
public sealed class ContextRegionRecord
{
    [NonSerialized]
    private readonly List<RegionPage> _pages = [];

    /// <summary>Who made it; null until it is made.</summary>
    [Id(0)] public string? Owner { get; set; }

    [Id(1)] public long Version { get; set; }

    /// <summary>The newest pages: those that are in no segment.</summary>
    [Id(2)] public List<RegionPage> Tail { get; set; } = [];

    /// <summary>All pages, as the grain has them while it is in memory.</summary>
    public List<RegionPage> Pages => _pages;

    [Id(3)] public int Entries { get; set; }

    /// <summary>Ids of the newest entries, oldest first: what a turn that is replayed may append again.</summary>
    [Id(4)] public List<Guid> Recent { get; set; } = [];

    /// <summary>The principal on whose behalf it was made.</summary>
    [Id(40)] public string Principal { get; set; } = "";

    /// <summary>What it is for, in words; empty where nobody said.</summary>
    [Id(41)] public string Purpose { get; set; } = "";

    /// <summary>Tokens that it may hold; null for no limit.</summary>
    [Id(42)] public long? MaxTokens { get; set; }

    /// <summary>Processes that it is shared with, and whether each may write too.</summary>
    [Id(43)] public Dictionary<long, bool> SharedWith { get; set; } = [];

    /// <summary>Tells the pages of this region from those of one that was at its path before; empty for a region of an older release.</summary>
    [Id(60)] public Guid Generation { get; set; }

    /// <summary>Tokens of a page.</summary>
    [Id(61)] public int PageTokens { get; set; } = PageSize.Default;

    /// <summary>The model by whose tokens its entries are counted; empty until one has read it.</summary>
    [Id(62)] public string Model { get; set; } = "";

    /// <summary>How many segments of the list of pages are stored by themselves; 0 for a region of an older release.</summary>
    [Id(63)] public int Segments { get; set; }
}
