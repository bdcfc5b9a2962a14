namespace LLMOS.Cognition.Embeddings;

/// <summary>A collection: a namespace of records with vectors of one space.</summary>
[GenerateSerializer, Immutable, Alias("llmos.collection-info")]
public sealed record CollectionInfo
{
    /// <summary>Its number, which no other collection of this store has or had.</summary>
    [Id(0)] public long Id { get; init; }

    [Id(1)] public required string Name { get; init; }

    /// <summary>Floats of a vector.</summary>
    [Id(2)] public int Dimension { get; init; }

    [Id(3)] public EmbeddingDistance Distance { get; init; }

    /// <summary>What makes its vectors, with its version; see <see cref="Embedders"/>.</summary>
    [Id(4)] public required string Embedder { get; init; }

    /// <summary>The principal that made it, or whose process did.</summary>
    [Id(5)] public required string Owner { get; init; }

    [Id(6)] public bool IsShared { get; init; }

    /// <summary>Records in it.</summary>
    [Id(7)] public long Count { get; init; }

    /// <summary>Removals that indexes have to know of until the collection is compacted.</summary>
    [Id(8)] public long Removals { get; init; }

    [Id(9)] public DateTimeOffset CreatedAt { get; init; }
}
