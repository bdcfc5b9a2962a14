using System.Collections.Immutable;
using LLMOS.Cognition.Embeddings;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.VectorData;

/// <summary>Embeds texts in the system, by its vector space or by a model of the cluster.</summary>
/// <param name="store">The embedding store.</param>
/// <param name="embedder">What embeds them; null for the system's vector space.</param>
internal sealed class StoreEmbeddingGenerator(IEmbeddingStoreGrain store, string? embedder) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata = new("llmos", defaultModelId: embedder);

    /// <summary>What embeds, and how many floats it makes.</summary>
    public async Task<(string Embedder, int Dimension)> DescribeAsync(CancellationToken cancellationToken)
    {
        var probe = await store.EmbedAsync(["dimension"], embedder).WaitAsync(cancellationToken);
        return (probe.Embedder, probe.Vectors[0].Length);
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var embeddings = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var texts in values.Chunk(IEmbeddingStoreGrain.MaxBatch))
        {
            var embedded = await store.EmbedAsync(ImmutableArray.Create(texts), embedder).WaitAsync(cancellationToken);
            embeddings.AddRange(embedded.Vectors.Select(vector => new Embedding<float>(vector) { ModelId = embedded.Embedder }));
        }

        return embeddings;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is not null ? null
        : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
        : serviceType.IsInstanceOfType(this) ? this
        : null;

    public void Dispose()
    {
    }
}
