namespace LLMOS.Kernel.Memory;

/// <summary>A context region, described.</summary>
/// <param name="Path">Its path, such as <c>/context/project-webserver</c>.</param>
/// <param name="Owner">Who made it: a run or a process, by name.</param>
/// <param name="Version">Counts its changes, from 0.</param>
/// <param name="Pages">How many pages it has.</param>
/// <param name="Entries">How many pieces of text.</param>
/// <param name="Tokens">How many tokens in all.</param>
[GenerateSerializer, Immutable, Alias("llmos.region-info")]
public sealed record RegionInfo(
    [property: Id(0)] string Path,
    [property: Id(1)] string Owner,
    [property: Id(2)] long Version,
    [property: Id(3)] int Pages,
    [property: Id(4)] int Entries,
    [property: Id(5)] long Tokens)
{
    /// <summary>Tokens that a page holds.</summary>
    [Id(6)] public int PageTokens { get; init; }

    /// <summary>The model by whose tokens the entries are counted; empty until one has read it.</summary>
    [Id(7)] public string Model { get; init; } = "";

    /// <summary>Bytes of its texts and of the names of their writers, in UTF-8; null where that was not counted.</summary>
    [Id(8)] public long? Bytes { get; init; }

    /// <summary>What it was allocated for, in words; empty where nothing was said.</summary>
    [Id(9)] public string Purpose { get; init; } = "";
}
