namespace LLMOS.Cognition.Embeddings;

/// <summary>How near two vectors of a collection are to each other. More is nearer.</summary>
[GenerateSerializer, Alias("llmos.embedding-distance")]
public enum EmbeddingDistance
{
    /// <summary>The cosine of their angle, -1 to 1; vectors are kept at unit length.</summary>
    Cosine,

    /// <summary>Their dot product; vectors are kept as they are.</summary>
    DotProduct,
}
