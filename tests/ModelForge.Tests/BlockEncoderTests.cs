using System.Runtime.InteropServices;
using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

public sealed class BlockEncoderTests
{
    [Fact]
    public void Q8_0_worked_out_by_hand()
    {
        // The largest is −127, so the scale is 1 and every number is rounded to the nearest, halves away from zero.
        var values = new float[32];
        float[] first = [-127, 0.5f, -0.5f, 1.5f, -2.5f, 0.49999997f, -0.49999997f, 126.5f, 126.49999f, 64, -64, 0.75f];
        first.CopyTo(values, 0);
        sbyte[] expected = [-127, 1, -1, 2, -3, 0, 0, 127, 126, 64, -64, 1];

        var block = Encode(GgmlType.Q8_0, values);

        Assert.Equal(34, block.Length);
        Assert.Equal([0x00, 0x3C], block[..2]);
        Assert.Equal(expected, MemoryMarshal.Cast<byte, sbyte>(block.AsSpan(2, expected.Length)));
        Assert.All(block[(2 + expected.Length)..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Q8_0_scales_by_the_largest()
    {
        // 2/127 is 0.015748031…, as a half 0x2408; −1 is −63.5 steps, and goes away from zero.
        var values = new float[32];
        values[31] = 2;
        values[30] = -1;

        var block = Encode(GgmlType.Q8_0, values);

        Assert.Equal([0x08, 0x24], block[..2]);
        Assert.Equal([0xC0, 0x7F], block[32..]);
    }

    [Fact]
    public void Q4_0_worked_out_by_hand()
    {
        // The extreme is −8, so the scale is 1; value i goes to the low half of byte i, value 16+i to the high half, each plus 8.
        var values = new float[32];
        float[] low = [-8, 0, 7, 7.6f, 0.5f, -0.5f, 0.49f, -0.51f];
        float[] high = [1, -1, 3, -3, 6.4f, 6.5f, -7.6f, -7.4f];
        low.CopyTo(values, 0);
        high.CopyTo(values, 16);

        var block = Encode(GgmlType.Q4_0, values);

        Assert.Equal(18, block.Length);
        Assert.Equal([0x00, 0x3C], block[..2]);
        Assert.Equal([0x90, 0x78, 0xBF, 0x5F, 0xE9, 0xF8, 0x08, 0x17], block[2..10]);
        Assert.All(block[10..], value => Assert.Equal(0x88, value));
    }

    [Fact]
    public void Q4_0_takes_a_positive_extreme_with_a_negative_scale()
    {
        var values = new float[32];
        values[0] = 4;
        values[1] = -4;

        var block = Encode(GgmlType.Q4_0, values);

        // 4/−8 = −0.5; +4 is −8 steps (0), −4 would be +8 steps and stops at 7 (15). Of equals the first is the extreme.
        Assert.Equal([0x00, 0xB8], block[..2]);
        Assert.Equal([0x80, 0x8F], block[2..4]);
    }

    [Fact]
    public void A_block_of_zeros_stays_zero()
    {
        Assert.All(Encode(GgmlType.Q8_0, new float[32]), value => Assert.Equal(0, value));
        Assert.Equal([0x00, 0x80], Encode(GgmlType.Q4_0, new float[32])[..2]);
        Assert.All(Encode(GgmlType.Q4_0, new float[32])[2..], value => Assert.Equal(0x88, value));
    }

    [Theory]
    [InlineData(1f, 0x3C00)]
    [InlineData(-2f, 0xC000)]
    [InlineData(65504f, 0x7BFF)]
    [InlineData(65519.996f, 0x7BFF)]
    [InlineData(1.00048828125f, 0x3C00)] // halfway between two halves: to the even one
    [InlineData(1.00146484375f, 0x3C02)]
    [InlineData(5.9604645E-8f, 0x0001)]
    [InlineData(2.9802322E-8f, 0x0000)]
    [InlineData(-0f, 0x8000)]
    public void F16_rounds_to_the_nearest_even(float value, int bits) =>
        Assert.Equal(bits, MemoryMarshal.Read<ushort>(Encode(GgmlType.F16, [value])));

    [Fact]
    public void F32_is_copied() => Assert.Equal([0, 0, 0xC0, 0x3F, 0, 0, 0, 0x80], Encode(GgmlType.F32, [1.5f, -0f]));

    [Fact]
    public void Other_types_are_refused() => Assert.Throws<NotSupportedException>(() => Encode(GgmlType.Q6_K, new float[256]));

    internal static byte[] Encode(GgmlType type, float[] values)
    {
        GgmlTypeGeometry.TryGet(type, out var geometry);
        var bytes = new byte[geometry.Bytes(values.Length)];
        BlockEncoder.Encode(type, values, bytes);
        return bytes;
    }
}
