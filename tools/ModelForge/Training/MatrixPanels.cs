using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ModelForge.Training;

/// <summary>
/// Copies a matrix into the panels that <see cref="MatrixKernel"/> reads: so many rows of it side by side, depth by depth. At the sizes of
/// a small model a product is short, so what its packing takes is not lost in it: no calls for a few numbers, and what lies across is
/// turned in registers.
/// </summary>
internal static unsafe class MatrixPanels
{
    /// <summary>Numbers in a vector; a block of as many rows and depths is turned at a time.</summary>
    private const int Width = 4;

    /// <summary>Packs rows into panels of <paramref name="height"/> rows; those that are missing in the last panel are zero.</summary>
    /// <param name="source">The matrix; its columns are the depths.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="firstDepth">The first depth.</param>
    /// <param name="depths">How many.</param>
    /// <param name="height">Rows of a panel: an even number.</param>
    /// <param name="packed">Where the panels are written, one behind the other.</param>
    public static void Pack(MatrixView source, int firstRow, int rows, int firstDepth, int depths, int height, float* packed)
    {
        for (var row = 0; row < rows; row += height)
        {
            var there = Math.Min(height, rows - row);
            var from = source.Data + (long)(firstRow + row) * source.RowStride + (long)firstDepth * source.ColumnStride;
            if (there < height)
                new Span<float>(packed, depths * height).Clear();
            if (source.RowStride == 1 && there == height)
                CopyColumns(from, source.ColumnStride, depths, height, packed);
            else
                Interleave(from, source.RowStride, source.ColumnStride, there, depths, height, packed);
            packed += (long)depths * height;
        }
    }

    /// <summary>A panel whose numbers of a depth lie in a row.</summary>
    private static void CopyColumns(float* from, int stride, int depths, int height, float* packed)
    {
        for (var depth = 0; depth < depths; depth++)
        {
            var i = 0;
            for (; i + 2 * Width <= height; i += 2 * Width)
                Vector256.Load(from + i).Store(packed + i);
            for (; i + Width <= height; i += Width)
                Vector128.Load(from + i).Store(packed + i);
            for (; i < height; i += 2)
                Vector64.Load(from + i).Store(packed + i);
            from += stride;
            packed += height;
        }
    }

    /// <summary>A panel whose rows lie anywhere: four of them at a time, then two, then one.</summary>
    private static void Interleave(float* from, int rowStride, int columnStride, int there, int depths, int height, float* packed)
    {
        var row = 0;
        for (; row + 4 <= there; row += 4)
            InterleaveFour(from + (long)row * rowStride, rowStride, columnStride, depths, height, packed + row);
        for (; row + 2 <= there; row += 2)
            InterleaveTwo(from + (long)row * rowStride, rowStride, columnStride, depths, height, packed + row);
        if (row < there)
            Scatter(from + (long)row * rowStride, columnStride, depths, height, packed + row);
    }

    private static void InterleaveFour(float* from, int rowStride, int columnStride, int depths, int height, float* to)
    {
        var depth = 0;
        if (Sse.IsSupported && columnStride == 1)
        {
            for (; depth + Width <= depths; depth += Width)
            {
                var (first, second) = (Vector128.Load(from), Vector128.Load(from + rowStride));
                var (third, fourth) = (Vector128.Load(from + 2L * rowStride), Vector128.Load(from + 3L * rowStride));
                var (upperLow, upperHigh) = (Sse.UnpackLow(first, second), Sse.UnpackHigh(first, second));
                var (lowerLow, lowerHigh) = (Sse.UnpackLow(third, fourth), Sse.UnpackHigh(third, fourth));
                Sse.MoveLowToHigh(upperLow, lowerLow).Store(to);
                Sse.MoveHighToLow(lowerLow, upperLow).Store(to + height);
                Sse.MoveLowToHigh(upperHigh, lowerHigh).Store(to + 2L * height);
                Sse.MoveHighToLow(lowerHigh, upperHigh).Store(to + 3L * height);
                from += Width;
                to += (long)Width * height;
            }
        }

        for (; depth < depths; depth++)
        {
            to[0] = from[0];
            to[1] = from[rowStride];
            to[2] = from[2L * rowStride];
            to[3] = from[3L * rowStride];
            from += columnStride;
            to += height;
        }
    }

    private static void InterleaveTwo(float* from, int rowStride, int columnStride, int depths, int height, float* to)
    {
        var depth = 0;
        if (Sse.IsSupported && columnStride == 1)
        {
            for (; depth + Width <= depths; depth += Width)
            {
                var (first, second) = (Vector128.Load(from), Vector128.Load(from + rowStride));
                var (low, high) = (Sse.UnpackLow(first, second), Sse.UnpackHigh(first, second));
                low.GetLower().Store(to);
                low.GetUpper().Store(to + height);
                high.GetLower().Store(to + 2L * height);
                high.GetUpper().Store(to + 3L * height);
                from += Width;
                to += (long)Width * height;
            }
        }

        for (; depth < depths; depth++)
        {
            to[0] = from[0];
            to[1] = from[rowStride];
            from += columnStride;
            to += height;
        }
    }

    private static void Scatter(float* from, int stride, int depths, int height, float* to)
    {
        for (var depth = 0; depth < depths; depth++)
        {
            *to = *from;
            from += stride;
            to += height;
        }
    }
}
