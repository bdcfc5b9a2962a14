using LLMOS.Inference.Engine;

namespace LLMOS.Inference;

/// <summary>Failures at the seam to native code, for tests of what happens after one. Called on the engine's thread.</summary>
internal sealed record NativeFaults
{
    /// <summary>Asked before each decode: 0 to let it run, else what it is to have returned. What fails an assertion in here has failed it in the decode.</summary>
    public Func<BatchBuffer, int>? BeforeDecode { get; init; }

    /// <summary>Asked before each batch of embeddings, in the same way.</summary>
    public Func<BatchBuffer, int>? BeforeEmbedding { get; init; }

    /// <summary>Whether no context can be made over a model.</summary>
    public Func<LlamaModel, bool>? RefusesContext { get; init; }
}
