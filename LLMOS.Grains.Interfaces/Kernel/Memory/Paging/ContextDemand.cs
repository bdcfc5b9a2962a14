namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What a turn wants of a context region.</summary>
/// <param name="Tokens">How many tokens of it there is room for.</param>
/// <param name="Query">What the turn is about, in words: older pages near to it come back.</param>
[GenerateSerializer, Immutable, Alias("llmos.context-demand")]
public sealed record ContextDemand(
    [property: Id(0)] int Tokens,
    [property: Id(1)] string Query)
{
    [Id(2)] public PagingPolicy Policy { get; init; }

    /// <summary>True where the same turn asked before and what it got did not fit: it is not counted again.</summary>
    [Id(3)] public bool IsRepeated { get; init; }
}
