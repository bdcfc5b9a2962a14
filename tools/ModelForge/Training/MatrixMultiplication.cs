using System.Numerics.Tensors;

namespace ModelForge.Training;

/// <summary>
/// Products of matrices for one thread: both operands are packed into panels that the micro-kernel reads in order, in blocks that
/// stay in the caches (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
/// </summary>
internal sealed unsafe class MatrixMultiplication : IDisposable
{
    /// <summary>Rows of a packed block of the left operand: with <see cref="DepthBlock"/>, what fits the second-level cache.</summary>
    private const int RowBlock = 192;

    private const int DepthBlock = 384;

    private const int ColumnBlock = 1024;

    private readonly AlignedFloats _left = new(RowBlock * DepthBlock);
    private readonly AlignedFloats _right = new(ColumnBlock * DepthBlock);
    private readonly AlignedFloats _edge = new(MatrixKernel.Rows * MatrixKernel.Columns);

    /// <summary>Writes a × b to <paramref name="target"/>, or adds it to what is there.</summary>
    /// <param name="left">M × K.</param>
    /// <param name="right">K × N.</param>
    /// <param name="target">M × N, row after row.</param>
    /// <param name="targetStride">From a row of the target to the next.</param>
    /// <param name="accumulate">Whether to add.</param>
    public void Multiply(MatrixView left, MatrixView right, float* target, int targetStride, bool accumulate = false)
    {
        if (left.Columns != right.Rows)
            throw new ArgumentException($"A matrix of {left.Columns} columns cannot be multiplied with one of {right.Rows} rows.", nameof(right));
        if (left.Rows == 0 || right.Columns == 0)
            return;

        var depthBlocks = (left.Columns + DepthBlock - 1) / DepthBlock;
        var depthStep = (left.Columns + depthBlocks - 1) / depthBlocks;
        for (var column = 0; column < right.Columns; column += ColumnBlock)
        {
            var columns = Math.Min(ColumnBlock, right.Columns - column);
            for (var depth = 0; depth < left.Columns; depth += depthStep)
            {
                var depths = Math.Min(depthStep, left.Columns - depth);
                Pack(right.Transposed, column, columns, depth, depths, MatrixKernel.Columns, _right.Pointer);
                for (var row = 0; row < left.Rows; row += RowBlock)
                {
                    var rows = Math.Min(RowBlock, left.Rows - row);
                    Pack(left, row, rows, depth, depths, MatrixKernel.Rows, _left.Pointer);
                    MultiplyBlock(rows, columns, depths, target + (long)row * targetStride + column, targetStride, accumulate || depth > 0);
                }
            }
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _edge.Dispose();
    }

    private void MultiplyBlock(int rows, int columns, int depths, float* target, int stride, bool accumulate)
    {
        for (var column = 0; column < columns; column += MatrixKernel.Columns)
        {
            var right = _right.Pointer + (long)column * depths;
            var width = Math.Min(MatrixKernel.Columns, columns - column);
            for (var row = 0; row < rows; row += MatrixKernel.Rows)
            {
                var left = _left.Pointer + (long)row * depths;
                var height = Math.Min(MatrixKernel.Rows, rows - row);
                var corner = target + (long)row * stride + column;
                if (height == MatrixKernel.Rows && width == MatrixKernel.Columns)
                    MatrixKernel.Run(depths, left, right, corner, stride, accumulate);
                else
                    MultiplyEdge(depths, left, right, corner, stride, height, width, accumulate);
            }
        }
    }

    private void MultiplyEdge(int depths, float* left, float* right, float* corner, int stride, int height, int width, bool accumulate)
    {
        var edge = _edge.Pointer;
        MatrixKernel.Run(depths, left, right, edge, MatrixKernel.Columns, accumulate: false);
        for (var i = 0; i < height; i++)
        {
            var from = new Span<float>(edge + i * MatrixKernel.Columns, width);
            var to = new Span<float>(corner + (long)i * stride, width);
            if (accumulate)
                TensorPrimitives.Add(to, from, to);
            else
                from.CopyTo(to);
        }
    }

    /// <summary>Copies rows into panels of <paramref name="height"/> rows, depth by depth; rows that are missing in the last panel are zero.</summary>
    private static void Pack(MatrixView source, int firstRow, int rows, int firstDepth, int depths, int height, float* packed)
    {
        for (var row = 0; row < rows; row += height)
        {
            var there = Math.Min(height, rows - row);
            var from = source.Data + (long)(firstRow + row) * source.RowStride + (long)firstDepth * source.ColumnStride;
            if (there < height)
                new Span<float>(packed, depths * height).Clear();
            if (source.RowStride == 1)
                PackContiguous(from, source.ColumnStride, there, depths, height, packed);
            else
                PackStrided(from, source.RowStride, source.ColumnStride, there, depths, height, packed);
            packed += (long)depths * height;
        }
    }

    private static void PackContiguous(float* from, int stride, int there, int depths, int height, float* packed)
    {
        for (var depth = 0; depth < depths; depth++)
        {
            new ReadOnlySpan<float>(from, there).CopyTo(new Span<float>(packed, there));
            from += stride;
            packed += height;
        }
    }

    private static void PackStrided(float* from, int rowStride, int columnStride, int there, int depths, int height, float* packed)
    {
        // Four rows at a time: each row is read in order, and the writes stay in few cache lines.
        var row = 0;
        for (; row + 4 <= there; row += 4)
        {
            var first = from + (long)row * rowStride;
            var to = packed + row;
            for (var depth = 0; depth < depths; depth++)
            {
                to[0] = first[0];
                to[1] = first[rowStride];
                to[2] = first[2L * rowStride];
                to[3] = first[3L * rowStride];
                first += columnStride;
                to += height;
            }
        }

        for (; row < there; row++)
        {
            var first = from + (long)row * rowStride;
            var to = packed + row;
            for (var depth = 0; depth < depths; depth++)
            {
                *to = *first;
                first += columnStride;
                to += height;
            }
        }
    }
}
