namespace LLMOS.Kernel.Memory;

/// <summary>What is stored of a context region.</summary>
[GenerateSerializer, Alias("llmos.context-region-record")]
public sealed class ContextRegionRecord
{
    /// <summary>Who made it; null until it is made.</summary>
    [Id(0)] public string? Owner { get; set; }

    [Id(1)] public long Version { get; set; }

    [Id(2)] public List<RegionPage> Pages { get; set; } = [];

    [Id(3)] public int Entries { get; set; }

    /// <summary>Ids of the newest entries, oldest first: what a turn that is replayed may append again.</summary>
    [Id(4)] public List<Guid> Recent { get; set; } = [];
}
