using System.Collections.Immutable;

namespace LLMOS.Kernel.Memory.Paging;

/// <summary>The memory of a silo, level by level, the fastest first.</summary>
/// <param name="Silo">The silo's address.</param>
/// <param name="Levels">Its levels.</param>
[GenerateSerializer, Immutable, Alias("llmos.silo-memory")]
public sealed record SiloMemory(
    [property: Id(0)] string Silo,
    [property: Id(1)] ImmutableArray<MemoryLevel> Levels);
