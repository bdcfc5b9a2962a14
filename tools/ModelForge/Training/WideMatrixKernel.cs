using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>
/// <see cref="MatrixKernel"/> for AVX-512: a tile of 12 × 32 sums that never leave the registers. There are 32 of them: 24 for the
/// sums, two for a row of the right operand, one for an element of the left. Written out, because the compiler keeps locals in
/// registers but not the elements of an array.
/// </summary>
internal static unsafe class WideMatrixKernel
{
    /// <summary>Rows of the tile.</summary>
    public const int Rows = 12;

    /// <summary>Columns of the tile: two vectors.</summary>
    public const int Columns = 32;

    private const int Width = 16;

    /// <summary>Multiplies a panel of 12 rows with one of 32 columns, both packed depth by depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int depths, float* left, float* right, float* target, int stride, bool accumulate)
    {
        var low0 = Vector512<float>.Zero;
        var high0 = Vector512<float>.Zero;
        var low1 = Vector512<float>.Zero;
        var high1 = Vector512<float>.Zero;
        var low2 = Vector512<float>.Zero;
        var high2 = Vector512<float>.Zero;
        var low3 = Vector512<float>.Zero;
        var high3 = Vector512<float>.Zero;
        var low4 = Vector512<float>.Zero;
        var high4 = Vector512<float>.Zero;
        var low5 = Vector512<float>.Zero;
        var high5 = Vector512<float>.Zero;
        var low6 = Vector512<float>.Zero;
        var high6 = Vector512<float>.Zero;
        var low7 = Vector512<float>.Zero;
        var high7 = Vector512<float>.Zero;
        var low8 = Vector512<float>.Zero;
        var high8 = Vector512<float>.Zero;
        var low9 = Vector512<float>.Zero;
        var high9 = Vector512<float>.Zero;
        var low10 = Vector512<float>.Zero;
        var high10 = Vector512<float>.Zero;
        var low11 = Vector512<float>.Zero;
        var high11 = Vector512<float>.Zero;
        for (var depth = 0; depth < depths; depth++)
        {
            var low = Vector512.Load(right);
            var high = Vector512.Load(right + Width);
            var element0 = Vector512.Create(left[0]);
            low0 = Vector512.FusedMultiplyAdd(element0, low, low0);
            high0 = Vector512.FusedMultiplyAdd(element0, high, high0);
            var element1 = Vector512.Create(left[1]);
            low1 = Vector512.FusedMultiplyAdd(element1, low, low1);
            high1 = Vector512.FusedMultiplyAdd(element1, high, high1);
            var element2 = Vector512.Create(left[2]);
            low2 = Vector512.FusedMultiplyAdd(element2, low, low2);
            high2 = Vector512.FusedMultiplyAdd(element2, high, high2);
            var element3 = Vector512.Create(left[3]);
            low3 = Vector512.FusedMultiplyAdd(element3, low, low3);
            high3 = Vector512.FusedMultiplyAdd(element3, high, high3);
            var element4 = Vector512.Create(left[4]);
            low4 = Vector512.FusedMultiplyAdd(element4, low, low4);
            high4 = Vector512.FusedMultiplyAdd(element4, high, high4);
            var element5 = Vector512.Create(left[5]);
            low5 = Vector512.FusedMultiplyAdd(element5, low, low5);
            high5 = Vector512.FusedMultiplyAdd(element5, high, high5);
            var element6 = Vector512.Create(left[6]);
            low6 = Vector512.FusedMultiplyAdd(element6, low, low6);
            high6 = Vector512.FusedMultiplyAdd(element6, high, high6);
            var element7 = Vector512.Create(left[7]);
            low7 = Vector512.FusedMultiplyAdd(element7, low, low7);
            high7 = Vector512.FusedMultiplyAdd(element7, high, high7);
            var element8 = Vector512.Create(left[8]);
            low8 = Vector512.FusedMultiplyAdd(element8, low, low8);
            high8 = Vector512.FusedMultiplyAdd(element8, high, high8);
            var element9 = Vector512.Create(left[9]);
            low9 = Vector512.FusedMultiplyAdd(element9, low, low9);
            high9 = Vector512.FusedMultiplyAdd(element9, high, high9);
            var element10 = Vector512.Create(left[10]);
            low10 = Vector512.FusedMultiplyAdd(element10, low, low10);
            high10 = Vector512.FusedMultiplyAdd(element10, high, high10);
            var element11 = Vector512.Create(left[11]);
            low11 = Vector512.FusedMultiplyAdd(element11, low, low11);
            high11 = Vector512.FusedMultiplyAdd(element11, high, high11);
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
            Add(target + 6L * stride, low6, high6);
            Add(target + 7L * stride, low7, high7);
            Add(target + 8L * stride, low8, high8);
            Add(target + 9L * stride, low9, high9);
            Add(target + 10L * stride, low10, high10);
            Add(target + 11L * stride, low11, high11);
        }
        else
        {
            Store(target + 0L * stride, low0, high0);
            Store(target + 1L * stride, low1, high1);
            Store(target + 2L * stride, low2, high2);
            Store(target + 3L * stride, low3, high3);
            Store(target + 4L * stride, low4, high4);
            Store(target + 5L * stride, low5, high5);
            Store(target + 6L * stride, low6, high6);
            Store(target + 7L * stride, low7, high7);
            Store(target + 8L * stride, low8, high8);
            Store(target + 9L * stride, low9, high9);
            Store(target + 10L * stride, low10, high10);
            Store(target + 11L * stride, low11, high11);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(float* row, Vector512<float> low, Vector512<float> high) =>
        Store(row, Vector512.Load(row) + low, Vector512.Load(row + Width) + high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* row, Vector512<float> low, Vector512<float> high)
    {
        low.Store(row);
        high.Store(row + Width);
    }
}
