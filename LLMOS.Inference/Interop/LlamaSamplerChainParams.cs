using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary><c>llama_sampler_chain_params</c>: 1 byte.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LlamaSamplerChainParams
{
    public byte NoPerf;
}
