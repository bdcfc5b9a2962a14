using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using LLMOS.Inference.Gguf;

namespace ModelForge;

/// <summary>
/// Packs floats as ggml's reference quantization does, bit for bit: the same scales, the same rounding, the same order of
/// nibbles. Only correctly rounded operations are used, so that every machine writes the same bytes.
/// </summary>
public static class BlockEncoder
{
    private const int BlockLength = 32;

    /// <summary>Whether this encoder writes <paramref name="type"/>.</summary>
    public static bool Supports(GgmlType type) => type is GgmlType.F32 or GgmlType.F16 or GgmlType.Q8_0 or GgmlType.Q4_0;

    /// <summary>Packs <paramref name="values"/>, finite and a whole number of blocks, into <paramref name="destination"/>.</summary>
    /// <exception cref="NotSupportedException">The type is none of F32, F16, Q8_0 and Q4_0.</exception>
    public static void Encode(GgmlType type, ReadOnlySpan<float> values, Span<byte> destination)
    {
        switch (type)
        {
            case GgmlType.F32:
                EncodeF32(values, destination);
                break;
            case GgmlType.F16:
                for (var i = 0; i < values.Length; i++)
                    BinaryPrimitives.WriteHalfLittleEndian(destination[(i * 2)..], (Half)values[i]);
                break;
            case GgmlType.Q8_0:
                for (var b = 0; b < values.Length / BlockLength; b++)
                    EncodeQ8Block(values.Slice(b * BlockLength, BlockLength), destination.Slice(b * 34, 34));
                break;
            case GgmlType.Q4_0:
                for (var b = 0; b < values.Length / BlockLength; b++)
                    EncodeQ4Block(values.Slice(b * BlockLength, BlockLength), destination.Slice(b * 18, 18));
                break;
            default:
                throw new NotSupportedException($"Tensors are written as F32, F16, Q8_0 or Q4_0, not as {type}.");
        }
    }

    private static void EncodeF32(ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(destination);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(destination[(i * 4)..], values[i]);
    }

    private static void EncodeQ8Block(ReadOnlySpan<float> values, Span<byte> block)
    {
        var v0 = Vector256.Create(values);
        var v1 = Vector256.Create(values[8..]);
        var v2 = Vector256.Create(values[16..]);
        var v3 = Vector256.Create(values[24..]);
        var largest = Vector256.Max(
            Vector256.Max(Vector256.Abs(v0), Vector256.Abs(v1)),
            Vector256.Max(Vector256.Abs(v2), Vector256.Abs(v3)));
        var absolute = 0f;
        for (var i = 0; i < 8; i++)
            absolute = MathF.Max(absolute, largest[i]);

        var scale = absolute / 127;
        var inverse = Vector256.Create(scale != 0 ? 1 / scale : 0);
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        var low = Vector256.Narrow(RoundAwayFromZero(v0 * inverse), RoundAwayFromZero(v1 * inverse));
        var high = Vector256.Narrow(RoundAwayFromZero(v2 * inverse), RoundAwayFromZero(v3 * inverse));
        Vector256.Narrow(low, high).AsByte().CopyTo(block[2..]);
    }

    /// <summary>C's roundf: halves go away from zero. The fraction of a float is exact, so nothing is rounded twice.</summary>
    private static Vector256<int> RoundAwayFromZero(Vector256<float> x)
    {
        var truncated = Vector256.Truncate(x);
        var half = Vector256.GreaterThanOrEqual(Vector256.Abs(x - truncated), Vector256.Create(0.5f));
        var step = Vector256.CopySign(Vector256<float>.One, x) & half;
        return Vector256.ConvertToInt32(truncated + step);
    }

    private static void EncodeQ4Block(ReadOnlySpan<float> values, Span<byte> block)
    {
        var absolute = 0f;
        var extreme = 0f;
        foreach (var value in values)
        {
            if (absolute < MathF.Abs(value))
            {
                absolute = MathF.Abs(value);
                extreme = value;
            }
        }

        // The extreme value maps to −8 exactly, whatever its sign; its mirror image saturates at 7.
        var scale = extreme / -8;
        var inverse = scale != 0 ? 1 / scale : 0;
        BinaryPrimitives.WriteHalfLittleEndian(block, (Half)scale);
        for (var i = 0; i < BlockLength / 2; i++)
        {
            var low = Math.Min(15, (int)(values[i] * inverse + 8.5f));
            var high = Math.Min(15, (int)(values[i + BlockLength / 2] * inverse + 8.5f));
            block[2 + i] = (byte)(low | (high << 4));
        }
    }
}
