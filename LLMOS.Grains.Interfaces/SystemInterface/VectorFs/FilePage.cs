using System.Collections.Immutable;

namespace LLMOS.SystemInterface.VectorFs;

/// <summary>A part of what was found.</summary>
/// <param name="Nodes">What was found; perhaps nothing, where much was looked at in vain.</param>
/// <param name="Next">Where the next part begins; null when this is the last one.</param>
[GenerateSerializer, Immutable, Alias("llmos.file-page")]
public sealed record FilePage(
    [property: Id(0)] ImmutableArray<FileNode> Nodes,
    [property: Id(1)] string? Next);
