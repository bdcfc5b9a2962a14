using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ModelForge.Training;

/// <summary>
/// The innermost step of <see cref="MatrixMultiplication"/>: the product of a panel of rows and one of columns as a tile of sums in
/// registers. How many rows and columns depends on the registers that the processor has.
/// </summary>
internal static unsafe class MatrixKernel
{
    // Read-only statics are constants to the compiler once the code is hot.
    private static readonly bool IsWide = Vector512.IsHardwareAccelerated;

    /// <summary>Rows of the tile.</summary>
    public static readonly int Rows = IsWide ? WideMatrixKernel.Rows : NarrowMatrixKernel.Rows;

    /// <summary>Columns of the tile.</summary>
    public static readonly int Columns = IsWide ? WideMatrixKernel.Columns : NarrowMatrixKernel.Columns;

    /// <summary>Writes the tile, or adds it to what is there; both panels are packed depth by depth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int depths, float* left, float* right, float* target, int stride, bool accumulate)
    {
        if (IsWide)
            WideMatrixKernel.Run(depths, left, right, target, stride, accumulate);
        else
            NarrowMatrixKernel.Run(depths, left, right, target, stride, accumulate);
    }
}
