using System.Collections.Immutable;

namespace LLMOS.Cognition.Embeddings;

/// <summary>The vectors of texts.</summary>
/// <param name="Embedder">What made them, with its version; see <see cref="Embedders"/>.</param>
/// <param name="Vectors">One for each text, in the order of the texts.</param>
[GenerateSerializer, Immutable, Alias("llmos.embedded-texts")]
public sealed record EmbeddedTexts(
    [property: Id(0)] string Embedder,
    [property: Id(1)] ImmutableArray<float[]> Vectors);
