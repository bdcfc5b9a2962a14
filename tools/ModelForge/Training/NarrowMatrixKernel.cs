using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>
/// <see cref="MatrixKernel"/> for AVX2 and for anything else: a tile of 6 × 16 sums in 12 of 16 registers, two for a row of the right
/// operand, one for an element of the left. Written out for the same reason as <see cref="WideMatrixKernel"/>.
/// </summary>
internal static unsafe class NarrowMatrixKernel
{
    /// <summary>Rows of the tile.</summary>
    public const int Rows = 6;

    /// <summary>Columns of the tile: two vectors.</summary>
    public const int Columns = 16;

    private const int Width = 8;

    /// <summary>Multiplies a panel of 6 rows with one of 16 columns, both packed depth by depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depths, float* left, float* right, float* target, int stride, bool accumulate)
    {
        var low0 = Vector256<float>.Zero;
        var high0 = Vector256<float>.Zero;
        var low1 = Vector256<float>.Zero;
        var high1 = Vector256<float>.Zero;
        var low2 = Vector256<float>.Zero;
        var high2 = Vector256<float>.Zero;
        var low3 = Vector256<float>.Zero;
        var high3 = Vector256<float>.Zero;
        var low4 = Vector256<float>.Zero;
        var high4 = Vector256<float>.Zero;
        var low5 = Vector256<float>.Zero;
        var high5 = Vector256<float>.Zero;
        for (var depth = 0; depth < depths; depth++)
        {
            var low = Vector256.Load(right);
            var high = Vector256.Load(right + Width);
            var element0 = Vector256.Create(left[0]);
            low0 = Vector256.FusedMultiplyAdd(element0, low, low0);
            high0 = Vector256.FusedMultiplyAdd(element0, high, high0);
            var element1 = Vector256.Create(left[1]);
            low1 = Vector256.FusedMultiplyAdd(element1, low, low1);
            high1 = Vector256.FusedMultiplyAdd(element1, high, high1);
            var element2 = Vector256.Create(left[2]);
            low2 = Vector256.FusedMultiplyAdd(element2, low, low2);
            high2 = Vector256.FusedMultiplyAdd(element2, high, high2);
            var element3 = Vector256.Create(left[3]);
            low3 = Vector256.FusedMultiplyAdd(element3, low, low3);
            high3 = Vector256.FusedMultiplyAdd(element3, high, high3);
            var element4 = Vector256.Create(left[4]);
            low4 = Vector256.FusedMultiplyAdd(element4, low, low4);
            high4 = Vector256.FusedMultiplyAdd(element4, high, high4);
            var element5 = Vector256.Create(left[5]);
            low5 = Vector256.FusedMultiplyAdd(element5, low, low5);
            high5 = Vector256.FusedMultiplyAdd(element5, high, high5);
            left += Rows;
            right += Columns;
        }

        if (accumulate)
        {
            Add(target + 0L * stride, low0, high0);
            Add(target + 1L * stride, low1, high1);
            Add(target + 2L * stride, low2, high2);
            Add(target + 3L * stride, low3, high3);
            Add(target + 4L * stride, low4, high4);
            Add(target + 5L * stride, low5, high5);
        }
        else
        {
            Store(target + 0L * stride, low0, high0);
            Store(target + 1L * stride, low1, high1);
            Store(target + 2L * stride, low2, high2);
            Store(target + 3L * stride, low3, high3);
            Store(target + 4L * stride, low4, high4);
            Store(target + 5L * stride, low5, high5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* row, Vector256<float> low, Vector256<float> high) =>
        Store(row, Vector256.Load(row) + low, Vector256.Load(row + Width) + high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, Vector256<float> low, Vector256<float> high)
    {
        low.Store(row);
        high.Store(row + Width);
    }
}
