using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;

namespace LLMOS.Cognition.Embeddings;

/// <summary>Makes the vectors of texts by whatever a collection's embedder is: the system's vector space, or a model of the cluster.</summary>
internal sealed class TextEmbedder(IVectorSpace space, IGrainFactory grains)
{
    /// <summary>The identity of an embedder that was asked for.</summary>
    /// <param name="asked">Null for the system's.</param>
    public string IdentityOf(string? asked) => asked switch
    {
        null or "" => space.Identity,
        Embedders.None => asked,
        _ when asked == space.Identity => asked,
        _ when asked.StartsWith(Embedders.ModelPrefix, StringComparison.Ordinal) && asked.Length > Embedders.ModelPrefix.Length => asked,
        _ => throw LlmosException.InvalidArgument(
            $"'{Short(asked)}' is no embedder: use '{space.Identity}' (the system's vector space), '{Embedders.None}' for vectors that are brought, or '{Embedders.ModelPrefix}NAME' for a model that llmos models lists."),
    };

    /// <summary>Floats of the vectors that an embedder makes; null for one that makes none.</summary>
    public async Task<int?> DimensionOfAsync(string embedder) => embedder switch
    {
        Embedders.None => null,
        _ when embedder == space.Identity => space.Dimension,
        _ => (await EmbedByModelAsync(embedder, ["dimension"]))[0].Length,
    };

    /// <summary>The vectors of texts, by the embedder of a collection.</summary>
    /// <exception cref="LlmosException">It has none, or that is not there.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(CollectionInfo collection, ImmutableArray<string> texts) => collection.Embedder switch
    {
        _ when texts.IsEmpty => [],
        Embedders.None => throw LlmosException.Refused(
            $"Nothing embeds texts for the collection '{collection.Name}': bring a vector of {collection.Dimension} floats, or make a collection with an embedder."),
        _ when IsHere(collection.Embedder) => await EmbedAsync(collection.Embedder, texts),
        _ => throw LlmosException.Refused(
            $"The vectors of the collection '{collection.Name}' are of '{collection.Embedder}', and this system embeds with '{space.Identity}': write its records into a new collection, which embeds them again."),
    };

    /// <summary>The vectors of texts, by an embedder.</summary>
    /// <exception cref="LlmosException">It makes none, or is not there.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(string embedder, ImmutableArray<string> texts) =>
        embedder == space.Identity ? [.. texts.Select(text => space.Embed(text))]
        : embedder == Embedders.None ? throw LlmosException.Refused($"The embedder '{Embedders.None}' makes no vectors: name one that does.")
        : await EmbedByModelAsync(embedder, texts);

    private bool IsHere(string embedder) => embedder == space.Identity || embedder.StartsWith(Embedders.ModelPrefix, StringComparison.Ordinal);

    private async Task<ImmutableArray<float[]>> EmbedByModelAsync(string embedder, ImmutableArray<string> texts)
    {
        var inference = grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(embedder[Embedders.ModelPrefix.Length..], 0));
        var admission = await inference.AdmitAsync();
        return admission.Accepted ? await inference.EmbedAsync(texts) : throw LlmosException.Unavailable(admission.Reason);
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
