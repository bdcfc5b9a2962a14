using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What of a context region is in the window of a turn.</summary>
/// <param name="Entries">In the order in which they were written, with summaries of what is left out before them.</param>
/// <param name="IsWhole">Whether nothing is left out.</param>
/// <param name="Activity">What was done to put it together.</param>
[GenerateSerializer, Immutable, Alias("llmos.context-view")]
public sealed record ContextView(
    [property: Id(0)] ImmutableArray<ContextEntry> Entries,
    [property: Id(1)] bool IsWhole,
    [property: Id(2)] PagingActivity Activity)
{
    /// <summary>Summaries that no model wrote yet: extracts stand for them.</summary>
    [Id(3)] public ImmutableArray<Guid> Extracts { get; init; } = [];
}
