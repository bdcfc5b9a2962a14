namespace LLMOS.Cognition.Embeddings;

/// <summary>A record that was found.</summary>
/// <param name="Record">The record.</param>
/// <param name="Score">By a vector alone: how near it is, as the collection measures it. With words: its reciprocal rank, which says something beside the others alone.</param>
[GenerateSerializer, Immutable, Alias("llmos.embedding-match")]
public sealed record EmbeddingMatch(
    [property: Id(0)] EmbeddingRecord Record,
    [property: Id(1)] double Score);
