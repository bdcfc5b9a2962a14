using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Embeddings;

/// <summary>A model of the cluster as an <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/>: vectors of unit length.</summary>
public sealed class InferenceEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "llmos";

    private readonly LlmosClient _client;
    private readonly string _model;
    private readonly int _replica;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <param name="client">The system the model runs in.</param>
    /// <param name="model">The model's name, as <c>llmos models</c> shows it.</param>
    /// <param name="replica">Which replica of it.</param>
    public InferenceEmbeddingGenerator(LlmosClient client, string model, int replica = 0)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentOutOfRangeException.ThrowIfNegative(replica);
        _client = client;
        _model = model;
        _replica = replica;
        _metadata = new EmbeddingGeneratorMetadata(ProviderName, defaultModelId: model);
    }

    /// <inheritdoc />
    /// <exception cref="LlmosException">The model cannot be loaded or makes no embeddings, or another model or dimension was asked for.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.ModelId is { } model && model != _model)
        {
            throw LlmosException.InvalidArgument($"This generator embeds with '{_model}', not with '{model}': make one for that model.");
        }

        ImmutableArray<string> texts = [.. values];
        if (texts.IsEmpty)
        {
            return [];
        }

        var inference = _client.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(_model, _replica));
        var admission = await inference.AdmitAsync().WaitAsync(cancellationToken);
        if (!admission.Accepted)
        {
            throw LlmosException.Unavailable(admission.Reason);
        }

        var vectors = await inference.EmbedAsync(texts).WaitAsync(cancellationToken);
        if (options?.Dimensions is { } dimensions && vectors[0].Length != dimensions)
        {
            throw LlmosException.InvalidArgument(
                $"'{_model}' makes vectors of {vectors[0].Length} floats, not of {dimensions}: ask for that number, or leave it out.");
        }

        var createdAt = DateTimeOffset.UtcNow;
        return [.. vectors.Select(vector => new Embedding<float>(vector) { ModelId = _model, CreatedAt = createdAt })];
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>Does nothing: the model stays loaded for others.</summary>
    public void Dispose()
    {
    }
}
