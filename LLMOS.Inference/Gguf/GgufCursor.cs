using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace LLMOS.Inference.Gguf;

/// <summary>
/// Reads a header from front to back through one small buffer. It never believes a length: what lies beyond the file's end is
/// refused before anything is allocated or skipped.
/// </summary>
internal sealed class GgufCursor(SafeFileHandle file, string path, long fileLength)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _bufferStart;
    private int _bufferLength;

    /// <summary>Bytes from the start of the file to what is read next.</summary>
    public long Position { get; private set; }

    public long Remaining => fileLength - Position;

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>The length that stands before a string, checked against what is left of the file.</summary>
    public long ReadStringLength(string what)
    {
        var length = ReadUInt64();
        if (length > (ulong)Remaining)
            throw Beyond(what, length);
        return (long)length;
    }

    /// <summary>The next <paramref name="length"/> bytes as UTF-8; bytes that are none become U+FFFD.</summary>
    public string ReadText(int length)
    {
        if (length <= _buffer.Length)
            return Encoding.UTF8.GetString(Take(length));
        Require(length);
        var bytes = new byte[length];
        for (var done = 0; done < length;)
        {
            var part = Take(Math.Min(_buffer.Length, length - done));
            part.CopyTo(bytes.AsSpan(done));
            done += part.Length;
        }

        return Encoding.UTF8.GetString(bytes);
    }

    public void Skip(long length, string what)
    {
        if (length < 0 || length > Remaining)
            throw Beyond(what, (ulong)length);
        Position += length;
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        Require(length);
        if (Position < _bufferStart || Position + length > _bufferStart + _bufferLength)
            Refill(length);
        var span = _buffer.AsSpan((int)(Position - _bufferStart), length);
        Position += length;
        return span;
    }

    private void Refill(int length)
    {
        _bufferStart = Position;
        _bufferLength = 0;
        while (_bufferLength < length)
        {
            var read = RandomAccess.Read(file, _buffer.AsSpan(_bufferLength), _bufferStart + _bufferLength);
            if (read == 0)
                throw Cut();
            _bufferLength += read;
        }
    }

    private void Require(long length)
    {
        if (length > Remaining)
            throw Cut();
    }

    private GgufException Cut() => new(
        GgufProblem.Truncated,
        $"{path} is truncated: it ends after {fileLength} bytes, within its header; fetch it again.");

    private GgufException Beyond(string what, ulong length) => new(
        GgufProblem.Truncated,
        $"{path} is truncated or damaged: {what} says it is {length} bytes long, and {Remaining} bytes are left; fetch it again.");
}
