using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace LLMOS.Silo.Embeddings;

/// <summary>
/// The first page of a segment: what it is of, how far it had read, and the checksums (CRC-32C) of itself and of the tables behind the vectors. All numbers are
/// little-endian.
/// </summary>
internal readonly record struct SegmentHeader(string Log, int Dimension, int Shard, int Shards, int Count, long Read, long Removed, uint TablesCheck)
{
    /// <summary>Bytes of the header, which is a page so that the vectors behind it begin on one.</summary>
    public const int Size = 4_096;

    private const int Version = 1;
    private const int CheckOffset = 80;

    private static ReadOnlySpan<byte> Magic => "LLMOSSEG"u8;

    public void Write(Span<byte> page)
    {
        page.Clear();
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(page[12..], Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(page[16..], Shard);
        BinaryPrimitives.WriteInt32LittleEndian(page[20..], Shards);
        BinaryPrimitives.WriteInt32LittleEndian(page[24..], Count);
        BinaryPrimitives.WriteInt64LittleEndian(page[28..], Read);
        BinaryPrimitives.WriteInt64LittleEndian(page[36..], Removed);
        BinaryPrimitives.WriteUInt32LittleEndian(page[44..], TablesCheck);
        SHA256.HashData(Encoding.UTF8.GetBytes(Log), page[48..80]);
        BinaryPrimitives.WriteUInt32LittleEndian(page[CheckOffset..], Check(page[..CheckOffset]));
    }

    /// <returns>Null when it is no header of this log and shard, or is damaged.</returns>
    public static SegmentHeader? Parse(ReadOnlySpan<byte> page, string log, int dimension, int shard, int shards)
    {
        Span<byte> name = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(log), name);
        if (page.Length < Size
            || !page.StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(page[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(page[CheckOffset..]) != Check(page[..CheckOffset])
            || !page[48..80].SequenceEqual(name))
        {
            return null;
        }

        var header = new SegmentHeader(
            log,
            BinaryPrimitives.ReadInt32LittleEndian(page[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[28..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[36..]),
            BinaryPrimitives.ReadUInt32LittleEndian(page[44..]));
        return header.Dimension == dimension && header.Shard == shard && header.Shards == shards && header.Count >= 0 ? header : null;
    }

    /// <summary>CRC-32C, by the processor's own instruction where it has one.</summary>
    public static uint Check(ReadOnlySpan<byte> bytes, uint from = uint.MaxValue)
    {
        var check = from;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            check = BitOperations.Crc32C(check, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var last in bytes)
        {
            check = BitOperations.Crc32C(check, last);
        }

        return check;
    }
}
