using LLMOS.Inference.Interop;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>llama.cpp's sampler chain with the same settings.</summary>
internal sealed class NativeBareSampler : BareSampler
{
    private readonly LlamaSamplerHandle[] _chains;

    public NativeBareSampler(int sequences) => _chains = [.. Enumerable.Range(0, sequences).Select(Create)];

    public override int Sample(LlamaContextHandle context, int index, int sequence, List<int> history) =>
        LlamaSamplerNative.Sample(_chains[sequence], context, index);

    public override void Dispose()
    {
        foreach (var chain in _chains)
            chain.Dispose();
    }

    private static LlamaSamplerHandle Create(int sequence)
    {
        var settings = GenerationWorkload.Sampling(sequence);
        var chain = LlamaSamplerNative.ChainInit(new LlamaSamplerChainParams { NoPerf = 1 });
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.TopK(settings.TopK).Disown());
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.TopP(settings.TopP, 1).Disown());
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.Temperature(settings.Temperature).Disown());
        LlamaSamplerNative.ChainAdd(chain, LlamaSamplerNative.Distribution((uint)settings.Seed).Disown());
        return chain;
    }
}
