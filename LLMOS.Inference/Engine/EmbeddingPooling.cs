namespace LLMOS.Inference;

/// <summary>How the embeddings of a text's tokens become one, with llama.cpp's numbers.</summary>
public enum EmbeddingPooling
{
    Mean = 1,

    /// <summary>The first token's.</summary>
    Cls = 2,

    /// <summary>The last token's.</summary>
    Last = 3,
}
