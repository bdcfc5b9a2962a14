using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>What a page is about, without its text.</summary>
/// <param name="Vector">The embedding of its text: unit length, the dimension of the system's vector space.</param>
/// <param name="Words">Its words, each once, as numbers.</param>
[GenerateSerializer, Immutable, Alias("llmos.page-sketch")]
public sealed record PageSketch(
    [property: Id(0)] float[] Vector,
    [property: Id(1)] ImmutableArray<uint> Words);
