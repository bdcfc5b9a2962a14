using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary><c>ggml_threadpool_params</c> of v0.5.0: 528 bytes. Start from <see cref="GgmlNative.ThreadPoolParamsInit"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadPoolParams
{
    public fixed byte CpuMask[512];
    public int Threads;
    public int Priority;

    /// <summary>How long a thread spins for the next graph before it sleeps: 0 not at all, 100 for long.</summary>
    public uint Poll;
    public byte StrictCpu;
    public byte Paused;
}
