namespace LLMOS.Kernel.Memory;

/// <summary>What is stored of a part of a region's list of pages.</summary>
[GenerateSerializer, Alias("llmos.region-segment-record")]
public sealed class RegionSegmentRecord
{
    [Id(0)] public List<RegionPage> Pages { get; set; } = [];
}
