using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LLMOS.Inference.Interop;

/// <summary>The backend and device functions of <c>ggml-backend.h</c>.</summary>
internal static unsafe partial class GgmlNative
{
    [LibraryImport(LlamaLibrary.Ggml, EntryPoint = "ggml_backend_load_all_from_path", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void BackendLoadAllFromPath(string folder);

    [LibraryImport(LlamaLibrary.Ggml, EntryPoint = "ggml_backend_dev_count")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nuint DeviceCount();

    [LibraryImport(LlamaLibrary.Ggml, EntryPoint = "ggml_backend_dev_get")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint DeviceGet(nuint index);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_dev_name")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* DeviceName(nint device);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_dev_description")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial byte* DeviceDescription(nint device);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_dev_memory")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void DeviceMemory(nint device, nuint* free, nuint* total);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_dev_type")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial int DeviceType(nint device);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_dev_backend_reg")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint DeviceRegistry(nint device);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_backend_reg_get_proc_address", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint RegistryFunction(nint registry, string name);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_threadpool_params_init")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial void ThreadPoolParamsInit(ThreadPoolParams* parameters, int threads);

    [LibraryImport(LlamaLibrary.GgmlBase, EntryPoint = "ggml_set_abort_callback")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    public static partial nint SetAbortCallback(delegate* unmanaged[Cdecl]<byte*, void> callback);
}
