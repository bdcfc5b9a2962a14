using ModelForge.Corpus;
using ModelForge.Training;

namespace ModelForge.Tests.Training;

public sealed unsafe class MatrixMultiplicationTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 12, 32, 16 }, { 13, 33, 17 }, { 5, 7, 900 }, { 200, 40, 32 }, { 37, 1100, 64 }, { 192, 320, 192 }, { 250, 61, 385 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_product_is_the_sum_over_the_depth_for_every_order_in_memory(int rows, int columns, int depth)
    {
        using var product = new MatrixMultiplication();
        using var left = Random(rows * depth, 1);
        using var right = Random(depth * columns, 2);
        foreach (var leftTransposed in (bool[])[false, true])
        {
            foreach (var rightTransposed in (bool[])[false, true])
            {
                var a = leftTransposed ? new MatrixView(left.Pointer, depth, rows, rows).Transposed : new MatrixView(left.Pointer, rows, depth, depth);
                var b = rightTransposed ? new MatrixView(right.Pointer, columns, depth, depth).Transposed : new MatrixView(right.Pointer, depth, columns, columns);
                foreach (var accumulate in (bool[])[false, true])
                {
                    using var target = Random(rows * columns, 3);
                    using var before = Random(rows * columns, 3);
                    product.Multiply(a, b, target.Pointer, columns, accumulate);
                    AssertProduct(a, b, target.Pointer, accumulate ? before.Pointer : null);
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_tiles_of_both_kernels_are_right_on_any_processor(bool wide)
    {
        const int Depths = 37;
        var (rows, columns) = wide ? (WideMatrixKernel.Rows, WideMatrixKernel.Columns) : (NarrowMatrixKernel.Rows, NarrowMatrixKernel.Columns);
        using var left = Random(rows * Depths, 4);
        using var right = Random(columns * Depths, 5);
        using var target = new AlignedFloats(rows * columns);
        foreach (var accumulate in (bool[])[false, true])
        {
            if (wide)
                WideMatrixKernel.Run(Depths, left.Pointer, right.Pointer, target.Pointer, columns, accumulate);
            else
                NarrowMatrixKernel.Run(Depths, left.Pointer, right.Pointer, target.Pointer, columns, accumulate);
        }

        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = Enumerable.Range(0, Depths).Sum(depth => (double)left.Span[depth * rows + row] * right.Span[depth * columns + column]);
                Assert.Equal(2 * sum, target.Span[row * columns + column], 1e-3);
            }
        }
    }

    [Fact]
    public void Nothing_is_written_beside_the_target()
    {
        const int Stride = 50;
        using var product = new MatrixMultiplication();
        using var left = Random(13 * 8, 1);
        using var right = Random(8 * 33, 2);
        using var target = new AlignedFloats(13 * Stride);
        target.Span.Fill(7);

        product.Multiply(new MatrixView(left.Pointer, 13, 8, 8), new MatrixView(right.Pointer, 8, 33, 33), target.Pointer, Stride);

        for (var row = 0; row < 13; row++)
            Assert.All(target.Slice(row * Stride + 33, Stride - 33).ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void Matrices_that_do_not_fit_are_refused()
    {
        using var product = new MatrixMultiplication();
        using var floats = new AlignedFloats(64);
        var pointer = floats.Pointer;
        var refusal = Assert.Throws<ArgumentException>(() =>
            product.Multiply(new MatrixView(pointer, 2, 3, 3), new MatrixView(pointer, 4, 2, 2), pointer, 2));
        Assert.Contains("3 columns cannot be multiplied with one of 4 rows", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 900)]
    [InlineData(50, 7)]
    [InlineData(192, 192)]
    [InlineData(203, 64)]
    [InlineData(1100, 9)]
    public void A_product_with_the_own_transpose_is_computed_above_the_diagonal_and_the_same_below(int rows, int depth)
    {
        using var product = new MatrixMultiplication();
        using var floats = Random(rows * depth, 6);
        foreach (var transposed in (bool[])[false, true])
        {
            var matrix = transposed ? new MatrixView(floats.Pointer, depth, rows, rows).Transposed : new MatrixView(floats.Pointer, rows, depth, depth);
            using var target = Random(rows * rows, 7);
            product.MultiplyByOwnTranspose(matrix, target.Pointer, rows);
            AssertProduct(matrix, matrix.Transposed, target.Pointer, null);
            for (var row = 0; row < rows; row++)
            {
                for (var column = 0; column < row; column++)
                    Assert.Equal(target.Span[column * rows + row], target.Span[row * rows + column]);
            }
        }
    }

    private static void AssertProduct(MatrixView a, MatrixView b, float* target, float* before)
    {
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < b.Columns; j++)
            {
                var sum = before is null ? 0d : before[i * b.Columns + j];
                for (var k = 0; k < a.Columns; k++)
                    sum += (double)a.Data[i * a.RowStride + k * a.ColumnStride] * b.Data[k * b.RowStride + j * b.ColumnStride];
                Assert.Equal(sum, target[i * b.Columns + j], 1e-3);
            }
        }
    }

    private static AlignedFloats Random(int length, ulong seed)
    {
        var floats = new AlignedFloats(length);
        var random = new CorpusRandom(seed);
        foreach (ref var value in floats.Span)
            value = (float)(random.NextDouble() * 2 - 1);
        return floats;
    }
}
