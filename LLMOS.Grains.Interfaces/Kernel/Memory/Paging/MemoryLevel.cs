namespace LLMOS.Kernel.Memory.Paging;

/// <summary>A level of the memory of a silo, since it began.</summary>
/// <param name="Name"><c>L1</c> (the KV of engines), <c>L2</c> (windows of processes), <c>L3</c> (pages that were read last), <c>RAM</c> (the vector indexes), <c>embeddings</c> (what models embedded last) or <c>disk</c> (the store).</param>
/// <param name="Pages">What it holds: KV cells for L1, vectors for RAM and embeddings, pages else.</param>
/// <param name="Bytes">The bytes of that; 0 where nobody counts them.</param>
/// <param name="Hits">How often what was asked for was there.</param>
/// <param name="Misses">How often it was not.</param>
/// <param name="Evictions">How often something had to make room.</param>
[GenerateSerializer, Immutable, Alias("llmos.memory-level")]
public sealed record MemoryLevel(
    [property: Id(0)] string Name,
    [property: Id(1)] long Pages,
    [property: Id(2)] long Bytes,
    [property: Id(3)] long Hits,
    [property: Id(4)] long Misses,
    [property: Id(5)] long Evictions);
