using System.Runtime.InteropServices;

namespace ModelForge.Training;

/// <summary>Floats outside the managed heap, aligned for the widest vectors, zero at first.</summary>
internal sealed unsafe class AlignedFloats : IDisposable
{
    private const int Alignment = 64;

    private float* _pointer;

    public AlignedFloats(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Length = length;
        _pointer = (float*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(float)), Alignment);
        NativeMemory.Clear(_pointer, (nuint)(length * sizeof(float)));
        GC.AddMemoryPressure(length * sizeof(float));
    }

    ~AlignedFloats() => Free();

    public long Length { get; }

    public float* Pointer => _pointer is not null ? _pointer : throw new ObjectDisposedException(nameof(AlignedFloats));

    public Span<float> Span => new(Pointer, checked((int)Length));

    public Span<float> Slice(long start, long length) => Span.Slice(checked((int)start), checked((int)length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_pointer is null)
            return;
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        GC.RemoveMemoryPressure(Length * sizeof(float));
    }
}
