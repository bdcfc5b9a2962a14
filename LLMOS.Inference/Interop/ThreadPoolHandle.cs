using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>
/// Compute threads of one context, a <c>ggml_threadpool</c>. They sleep between two decodes; llama.cpp's own way, without one, starts and ends threads with each. To be disposed after its context.
/// </summary>
internal sealed unsafe class ThreadPoolHandle : SafeHandle
{
    private static readonly Lazy<(nint New, nint Free)> Functions = new(Find);

    private ThreadPoolHandle(nint pool)
        : base(0, ownsHandle: true) => SetHandle(pool);

    public override bool IsInvalid => handle == 0;

    /// <summary>A pool for so many compute threads, of which the thread that decodes is one; null where one is enough, or the library has no pools.</summary>
    public static ThreadPoolHandle? Create(int threads)
    {
        if (threads < 2 || Functions.Value is not { New: not 0, Free: not 0 } functions)
            return null;
        ThreadPoolParams parameters;
        GgmlNative.ThreadPoolParamsInit(&parameters, threads);
        parameters.Poll = 0;
        var pool = ((delegate* unmanaged[Cdecl]<ThreadPoolParams*, nint>)functions.New)(&parameters);
        return pool == 0 ? null : new ThreadPoolHandle(pool);
    }

    protected override bool ReleaseHandle()
    {
        ((delegate* unmanaged[Cdecl]<nint, void>)Functions.Value.Free)(handle);
        return true;
    }

    /// <summary>The functions are those of the variant for this machine's CPU, which its backend alone knows.</summary>
    private static (nint New, nint Free) Find()
    {
        for (nuint i = 0; i < GgmlNative.DeviceCount(); i++)
        {
            var device = GgmlNative.DeviceGet(i);
            if (GgmlNative.DeviceType(device) != (int)LlamaDeviceKind.Cpu)
                continue;
            var registry = GgmlNative.DeviceRegistry(device);
            return (GgmlNative.RegistryFunction(registry, "ggml_threadpool_new"), GgmlNative.RegistryFunction(registry, "ggml_threadpool_free"));
        }
        return default;
    }
}
