using System.Collections.Immutable;

namespace LLMOS.Cognition.Embeddings;

/// <summary>A record of a collection.</summary>
[GenerateSerializer, Immutable, Alias("llmos.embedding-record")]
public sealed record EmbeddingRecord
{
    /// <summary>Names it in its collection: 1 to 512 characters.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>What is searched by words and, where no vector is brought, embedded; at most a million characters.</summary>
    [Id(1)] public string Text { get; init; } = "";

    /// <summary>A JSON object, which filters look at; at most 64 KiB.</summary>
    [Id(2)] public string Metadata { get; init; } = "{}";

    /// <summary>Its vector; default for that of its text, by the collection's embedder. Where it is read it is there only if it was asked for.</summary>
    [Id(3)] public ImmutableArray<float> Vector { get; init; }
}
