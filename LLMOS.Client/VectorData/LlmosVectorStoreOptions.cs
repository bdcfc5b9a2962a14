using LLMOS.Cognition.Embeddings;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.VectorData;

/// <summary>How a <see cref="LlmosVectorStore"/> makes its collections.</summary>
public sealed record LlmosVectorStoreOptions
{
    /// <summary>
    /// What embeds texts where a vector property names no generator of its own: null for the system's vector space, or a model of the cluster (<see cref="Embedders.OfModel"/>).
    /// </summary>
    public string? Embedder { get; init; }

    /// <summary>A generator outside of the system to use instead.</summary>
    public IEmbeddingGenerator? EmbeddingGenerator { get; init; }

    /// <summary>Whether others than their owner may change the collections that are made.</summary>
    public bool IsShared { get; init; }
}
