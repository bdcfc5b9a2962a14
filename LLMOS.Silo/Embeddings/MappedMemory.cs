using System.Buffers;

namespace LLMOS.Silo.Embeddings;

/// <summary>A part of a mapped segment, valid as long as that.</summary>
internal sealed unsafe class MappedMemory(sbyte* start, int length) : MemoryManager<sbyte>
{
    public override Span<sbyte> GetSpan() => new(start, length);

    // What is mapped does not move.
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)length);
        return new MemoryHandle(start + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
