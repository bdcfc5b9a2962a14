using System.Runtime.InteropServices;
using LLMOS.Inference.Gguf;

namespace ModelForge.Tests;

/// <summary>The encoder against ggml itself, from the llama.cpp libraries beside these tests.</summary>
public sealed unsafe class GgmlQuantizationTests
{
    private static readonly nint Library = NativeLibrary.Load(Directory
        .EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", "llama"), "*ggml-base*", SearchOption.AllDirectories)
        .First());

    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.Q8_0)]
    [InlineData(GgmlType.Q4_0)]
    public void Every_byte_is_ggmls(GgmlType type)
    {
        const int Rows = 4096;
        const int RowLength = 256;
        var random = new Random(17);
        var values = new float[Rows * RowLength];
        for (var row = 0; row < Rows; row++)
        {
            // Rows of all magnitudes; some of few distinct values, so that ties and exact halves occur.
            var scale = MathF.ScaleB(1, random.Next(-10, 10));
            for (var i = 0; i < RowLength; i++)
            {
                values[row * RowLength + i] = (row % 3) switch
                {
                    0 => (float)(random.NextDouble() - random.NextDouble()) * scale,
                    1 => random.Next(-16, 17) * 0.5f * scale,
                    _ => random.Next(4) == 0 ? random.Next(-127, 128) * scale : 0,
                };
            }
        }

        Assert.Equal(Quantized(type, values, Rows, RowLength), BlockEncoderTests.Encode(type, values));
    }

    [Fact]
    public void Every_geometry_is_ggmls()
    {
        var blockLength = (delegate* unmanaged<uint, long>)NativeLibrary.GetExport(Library, "ggml_blck_size");
        var blockBytes = (delegate* unmanaged<uint, nuint>)NativeLibrary.GetExport(Library, "ggml_type_size");
        for (var type = 0u; type < 43; type++)
        {
            GgmlTypeGeometry.TryGet((GgmlType)type, out var geometry);
            Assert.Equal((blockLength(type), blockBytes(type)), (geometry.BlockLength, (nuint)geometry.BlockBytes));
        }
    }

    private static byte[] Quantized(GgmlType type, float[] values, int rows, int rowLength)
    {
        GgmlTypeGeometry.TryGet(type, out var geometry);
        var bytes = new byte[geometry.Bytes(values.Length)];
        var quantize = (delegate* unmanaged<uint, float*, void*, long, long, long, float*, nuint>)NativeLibrary.GetExport(Library, "ggml_quantize_chunk");
        fixed (float* source = values)
        fixed (byte* destination = bytes)
            Assert.Equal((nuint)bytes.Length, quantize((uint)type, source, destination, 0, rows, rowLength, null));
        return bytes;
    }
}
