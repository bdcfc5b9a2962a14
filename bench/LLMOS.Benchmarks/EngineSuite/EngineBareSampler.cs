using System.Runtime.InteropServices;
using LLMOS.Inference;
using LLMOS.Inference.Interop;
using LLMOS.Inference.Sampling;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The engine's own sampler, to see what it costs beside llama.cpp's.</summary>
internal sealed unsafe class EngineBareSampler : BareSampler
{
    private readonly int _vocabulary;
    private readonly TokenSampler[] _samplers;

    public EngineBareSampler(LlamaModel model, int sequences)
    {
        _vocabulary = model.VocabularySize;
        var scratch = new SamplerScratch(_vocabulary);
        _samplers = [.. Enumerable.Range(0, sequences).Select(sequence =>
            new TokenSampler(GenerationWorkload.Sampling(sequence), model.EndTokens, scratch, grammar: null))];
    }

    public override int Sample(LlamaContextHandle context, int index, int sequence, List<int> history) =>
        _samplers[sequence].Sample(new Span<float>(LlamaNative.GetLogits(context, index), _vocabulary), CollectionsMarshal.AsSpan(history));

    public override void Dispose()
    {
        foreach (var sampler in _samplers)
            sampler.Dispose();
    }
}
