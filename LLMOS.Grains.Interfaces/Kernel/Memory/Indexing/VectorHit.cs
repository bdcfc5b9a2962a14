namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>A vector that a search found.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Similarity">Cosine of the angle between it and the query, -1 to 1.</param>
[GenerateSerializer, Immutable, Alias("llmos.vector-hit")]
public readonly record struct VectorHit(
    [property: Id(0)] long Id,
    [property: Id(1)] float Similarity);
