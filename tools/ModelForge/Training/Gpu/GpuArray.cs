using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary>Memory of a GPU that grows with what is needed; what was in it is lost when it does.</summary>
internal sealed class GpuArray<T>(Accelerator accelerator) : IDisposable
    where T : unmanaged
{
    private MemoryBuffer1D<T, Stride1D.Dense>? _buffer;

    /// <summary>All of it, once there is some.</summary>
    public ArrayView<T> View => (_buffer ?? throw new InvalidOperationException("Nothing was reserved.")).View;

    /// <summary>Its first <paramref name="length"/> elements.</summary>
    public ArrayView<T> Reserve(long length)
    {
        if (_buffer is null || _buffer.Length < length)
        {
            var grown = Math.Max(length, (_buffer?.Length ?? 0) * 5 / 4);

            // What was started may still read it.
            accelerator.Synchronize();
            _buffer?.Dispose();
            _buffer = null;
            _buffer = accelerator.Allocate1D<T>(grown);
        }

        return _buffer.AsArrayView<T>(0, length);
    }

    /// <summary>Copies values to the beginning.</summary>
    public ArrayView<T> Upload(ReadOnlySpan<T> values)
    {
        var view = Reserve(Math.Max(1, values.Length));
        if (values.Length > 0)
            ((ArrayView1D<T, Stride1D.Dense>)view).CopyFromCPU(accelerator.DefaultStream, in values);
        return view;
    }

    public void Dispose() => _buffer?.Dispose();
}
