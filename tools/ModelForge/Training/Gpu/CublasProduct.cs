using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace ModelForge.Training.Gpu;

/// <summary>The matrix products of NVIDIA's cuBLAS, in TF32: factors are rounded to 10 bits behind the point, sums are not.</summary>
internal sealed unsafe class CublasProduct : IGpuProduct
{
    private const int NotTransposed = 0;
    private const int Transposed = 1;
    private const int TensorFloat32 = 3;

    /// <summary>Names under which the loader looks for it; CUDA 13's first.</summary>
    private static readonly string[] Libraries = ["libcublas.so.13", "libcublas.so.12", "libcublas.so.11", "libcublas.so", "cublas64_13.dll", "cublas64_12.dll"];

    private readonly CudaAccelerator _accelerator;
    private readonly delegate* unmanaged<nint, int> _destroy;
    private readonly delegate* unmanaged<
        nint, int, int, int, int, int, float*, nint, int, long, nint, int, long, float*, nint, int, long, int, int> _multiply;

    private nint _handle;

    private CublasProduct(CudaAccelerator accelerator, nint library, string name)
    {
        _accelerator = accelerator;
        Name = name;
        var create = (delegate* unmanaged<nint*, int>)NativeLibrary.GetExport(library, "cublasCreate_v2");
        var setStream = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(library, "cublasSetStream_v2");
        var setMathMode = (delegate* unmanaged<nint, int, int>)NativeLibrary.GetExport(library, "cublasSetMathMode");
        _destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "cublasDestroy_v2");
        _multiply = (delegate* unmanaged<
            nint, int, int, int, int, int, float*, nint, int, long, nint, int, long, float*, nint, int, long, int, int>)
            NativeLibrary.GetExport(library, "cublasSgemmStridedBatched");
        accelerator.Bind();
        nint handle;
        Check(create(&handle), "cublasCreate");
        _handle = handle;
        Check(setStream(handle, ((CudaStream)accelerator.DefaultStream).StreamPtr), "cublasSetStream");
        Check(setMathMode(handle, TensorFloat32), "cublasSetMathMode");
    }

    public string Name { get; }

    /// <summary>Opens the library if the machine has it.</summary>
    public static bool TryOpen(CudaAccelerator accelerator, [NotNullWhen(true)] out CublasProduct? product)
    {
        product = null;
        foreach (var name in Libraries)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                product = new CublasProduct(accelerator, library, $"cuBLAS ({name})");
                return true;
            }
        }

        return false;
    }

    /// <summary>cuBLAS has columns where we have rows, so it is asked for the transposed product of the exchanged factors.</summary>
    public void Multiply(GpuMatrix left, GpuMatrix right, ArrayView<float> target, bool accumulate = false, int batch = 1, int targetStride = 0)
    {
        var (one, kept) = (1f, accumulate ? 1f : 0f);
        _accelerator.Bind();
        Check(
            _multiply(
                _handle, right.IsTransposed ? Transposed : NotTransposed, left.IsTransposed ? Transposed : NotTransposed, right.Columns, left.Rows,
                left.Columns, &one, Address(right.Elements), right.Stride, right.BatchStride,
                Address(left.Elements), left.Stride, left.BatchStride, &kept, Address(target), right.Columns,
                targetStride, batch),
            "cublasSgemmStridedBatched");
    }

    public void Dispose()
    {
        if (_handle == 0)
            return;
        _accelerator.Bind();
        _ = _destroy(_handle);
        _handle = 0;
    }

    private static nint Address<TView>(TView view)
        where TView : IContiguousArrayView => view.Buffer.NativePtr + (nint)view.IndexInBytes;

    private static void Check(int status, string function)
    {
        if (status != 0)
            throw new TrainingFailedException($"{function} failed with status {status}; the last good checkpoint stays.");
    }
}
