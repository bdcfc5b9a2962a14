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
        Multiply(left, right, target, targetStride, accumulate, isSymmetric: false);
    }

    /// <summary>Writes a × aᵀ to <paramref name="target"/>: what lies above the diagonal is computed and what lies below copied.</summary>
    /// <param name="matrix">M × K.</param>
    /// <param name="target">M × M, row after row.</param>
    /// <param name="targetStride">From a row of the target to the next.</param>
    public void MultiplyByOwnTranspose(MatrixView matrix, float* target, int targetStride)
    {
        Multiply(matrix, matrix.Transposed, target, targetStride, accumulate: false, isSymmetric: true);
        for (var row = 1; row < matrix.Rows; row++)
        {
            for (var column = 0; column < row; column++)
                target[(long)row * targetStride + column] = target[(long)column * targetStride + row];
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _edge.Dispose();
    }

    private void Multiply(MatrixView left, MatrixView right, float* target, int targetStride, bool accumulate, bool isSymmetric)
    {
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
                MatrixPanels.Pack(right.Transposed, column, columns, depth, depths, MatrixKernel.Columns, _right.Pointer);
                for (var row = 0; row < left.Rows; row += RowBlock)
                {
                    var rows = Math.Min(RowBlock, left.Rows - row);
                    MatrixPanels.Pack(left, row, rows, depth, depths, MatrixKernel.Rows, _left.Pointer);
                    var diagonal = isSymmetric ? row - column : int.MinValue;
                    MultiplyBlock(rows, columns, depths, diagonal, target + (long)row * targetStride + column, targetStride, accumulate || depth > 0);
                }
            }
        }
    }

    // The diagonal is the column at which the first row meets it; tiles that lie wholly below are left out.
    private void MultiplyBlock(int rows, int columns, int depths, int diagonal, float* target, int stride, bool accumulate)
    {
        for (var column = 0; column < columns; column += MatrixKernel.Columns)
        {
            var right = _right.Pointer + (long)column * depths;
            var width = Math.Min(MatrixKernel.Columns, columns - column);
            for (var row = 0; row < rows; row += MatrixKernel.Rows)
            {
                // The rows below it are further below.
                if (column + width <= (long)diagonal + row)
                    break;
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
}
