using System.IO.MemoryMappedFiles;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// A segment in memory. Pages come from the file as they are looked at; what is changed is this process's alone (copy on write), so that the file stays as it was written and checked.
/// </summary>
internal sealed unsafe class MappedSegment : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private bool _disposed;

    public MappedSegment(FileStream file)
    {
        Length = file.Length;
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, Length, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    public long Length { get; }

    public Span<byte> Bytes(long offset, int length) => new(_start + Checked(offset, length), length);

    public Memory<sbyte> Integers(long offset, int length) => new MappedMemory((sbyte*)_start + Checked(offset, length), length).Memory;

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file.Dispose();
        }
    }

    private long Checked(long offset, int length)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return offset;
    }
}
