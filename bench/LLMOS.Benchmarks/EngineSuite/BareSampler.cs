using LLMOS.Inference.Interop;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Chooses the tokens of a bare loop.</summary>
internal abstract class BareSampler : IDisposable
{
    /// <summary>The next token of a sequence, from the logits at an index of the batch.</summary>
    public abstract int Sample(LlamaContextHandle context, int index, int sequence, List<int> history);

    public abstract void Dispose();
}
