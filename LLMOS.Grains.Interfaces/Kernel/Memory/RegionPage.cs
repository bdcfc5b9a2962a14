namespace LLMOS.Kernel.Memory;

/// <summary>A page's place in a region.</summary>
/// <param name="Id">The page.</param>
/// <param name="Tokens">Tokens of the entries that the region has in it.</param>
[GenerateSerializer, Immutable, Alias("llmos.region-page")]
public sealed record RegionPage(
    [property: Id(0)] Guid Id,
    [property: Id(1)] int Tokens)
{
    /// <summary>How many of its entries the region has, where another region writes into the page; 0 for all, in a page of the region's own.</summary>
    [Id(2)] public int Entries { get; init; }

    /// <summary>Whether it is to stay in the window of whoever reads the region, as far as there is room.</summary>
    [Id(3)] public bool IsPinned { get; init; }

    /// <summary>Bytes of the texts that the region has in it and of the names of their writers, in UTF-8; null where an older release wrote it.</summary>
    [Id(4)] public long? Bytes { get; init; }
}
