namespace LLMOS.Kernel.Memory;

/// <summary>A page's place in a region.</summary>
[GenerateSerializer, Immutable, Alias("llmos.region-page")]
public sealed record RegionPage(
    [property: Id(0)] Guid Id,
    [property: Id(1)] int Tokens);
