namespace LLMOS.Kernel.Memory;

/// <summary>A memory page, described.</summary>
/// <param name="Id">The page's id.</param>
/// <param name="Region">The region that made it.</param>
/// <param name="Tokens">Tokens it holds.</param>
/// <param name="Entries">Pieces of text it holds.</param>
/// <param name="References">How many regions refer to it.</param>
[GenerateSerializer, Immutable, Alias("llmos.page-info")]
public sealed record PageInfo(
    [property: Id(0)] Guid Id,
    [property: Id(1)] string Region,
    [property: Id(2)] int Tokens,
    [property: Id(3)] int Entries,
    [property: Id(4)] int References)
{
    /// <summary>Bytes of its texts and of the names of their writers, in UTF-8.</summary>
    [Id(5)] public long Bytes { get; init; }
}
