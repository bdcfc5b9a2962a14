using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Indexing;

namespace LLMOS.Cognition.Embeddings;

/// <summary>What is looked for in a collection: by a vector, by words, or by both, whose orders are made one by reciprocal rank.</summary>
[GenerateSerializer, Immutable, Alias("llmos.embedding-query")]
public sealed record EmbeddingQuery
{
    /// <summary>A text whose vector, by the collection's embedder, is looked for; null where a vector or words alone are given.</summary>
    [Id(0)] public string? Text { get; init; }

    /// <summary>The vector itself; default where a text or words alone are given.</summary>
    [Id(1)] public ImmutableArray<float> Vector { get; init; }

    /// <summary>Words that records should have (BM25); null to search by vectors alone.</summary>
    [Id(2)] public string? Words { get; init; }

    /// <summary>Only records that it lets through; null for all.</summary>
    [Id(3)] public MetadataFilter? Filter { get; init; }

    /// <summary>At most so many, 1 to 1,000.</summary>
    [Id(4)] public int Limit { get; init; } = 10;

    /// <summary>So many of the best are passed over, 0 to 10,000.</summary>
    [Id(5)] public int Skip { get; init; }

    /// <summary>Whether records come with their vectors.</summary>
    [Id(6)] public bool WithVectors { get; init; }
}
