using System.Buffers.Binary;
using System.Text;
using LLMOS.Inference.Gguf;

namespace LLMOS.Inference.Tests.Gguf;

/// <summary>Writes GGUF bytes one field at a time, right or wrong, as a test wants them.</summary>
internal sealed class RawGguf
{
    private readonly List<byte> _bytes = [];

    public RawGguf(ulong tensors, ulong keys, uint version = 3) => Bytes([.. "GGUF"u8]).U32(version).U64(tensors).U64(keys);

    public RawGguf Text(string text) => U64((ulong)Encoding.UTF8.GetByteCount(text)).Bytes(Encoding.UTF8.GetBytes(text));

    public RawGguf U32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public RawGguf U64(ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    public RawGguf Bytes(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public RawGguf Key(string key, string value) => Text(key).U32((uint)GgufValueType.String).Text(value);

    public RawGguf Key(string key, uint value) => Text(key).U32((uint)GgufValueType.UInt32).U32(value);

    /// <summary>The three keys that a llama model cannot be without, and its architecture.</summary>
    public RawGguf Llama() => Key("general.architecture", "llama").Key("llama.context_length", 512).Key("llama.embedding_length", 32).Key("llama.block_count", 1);

    public RawGguf Tensor(string name, GgmlType type, ulong offset, params ulong[] dimensions)
    {
        Text(name).U32((uint)dimensions.Length);
        foreach (var dimension in dimensions)
            U64(dimension);
        return U32((uint)type).U64(offset);
    }

    public RawGguf Pad(int alignment)
    {
        while (_bytes.Count % alignment != 0)
            _bytes.Add(0);
        return this;
    }

    public string Save(string path)
    {
        File.WriteAllBytes(path, _bytes.ToArray());
        return path;
    }
}
