namespace LLMOS.Cognition.Embeddings;

/// <summary>What a collection is to be.</summary>
[GenerateSerializer, Immutable, Alias("llmos.collection-spec")]
public sealed record CollectionSpec
{
    /// <summary>Its name: 1 to 128 letters, digits, dots, dashes, underscores and slashes.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Floats of a vector, 1 to 8,192; null for what the embedder makes.</summary>
    [Id(1)] public int? Dimension { get; init; }

    [Id(2)] public EmbeddingDistance Distance { get; init; }

    /// <summary>What makes the vectors: null for the system's vector space, <see cref="Embedders.None"/>, or a model (<see cref="Embedders.OfModel"/>).</summary>
    [Id(3)] public string? Embedder { get; init; }

    /// <summary>Whether others than the owner may change its records; reading is everyone's who has READ_CONTEXT.</summary>
    [Id(4)] public bool IsShared { get; init; }
}
