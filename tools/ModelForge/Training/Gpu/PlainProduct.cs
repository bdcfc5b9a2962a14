using ILGPU;
using ILGPU.Runtime;

namespace ModelForge.Training.Gpu;

/// <summary>A plain matrix product, for devices without a library for it: a thread for each element of the target.</summary>
internal sealed class PlainProduct(Accelerator accelerator) : IGpuProduct
{
    private readonly Action<Index1D, ProductSizes, ArrayView<float>, ArrayView<float>, ArrayView<float>> _kernel =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ProductSizes, ArrayView<float>, ArrayView<float>, ArrayView<float>>(Kernel);

    public string Name => "LLMOS's own matrix product";

    public void Multiply(GpuMatrix left, GpuMatrix right, ArrayView<float> target, bool accumulate = false, int batch = 1, int targetStride = 0)
    {
        var sizes = new ProductSizes(
            left.Rows, right.Columns, left.Columns, Step(left, alongRows: true), Step(left, alongRows: false), Step(right, alongRows: true),
            Step(right, alongRows: false), left.BatchStride, right.BatchStride, targetStride, accumulate ? 1 : 0);
        _kernel(checked(batch * left.Rows * right.Columns), sizes, left.Elements, right.Elements, target);
    }

    public void Dispose()
    {
        // The kernel is the accelerator's.
    }

    private static int Step(GpuMatrix matrix, bool alongRows) => alongRows != matrix.IsTransposed ? matrix.Stride : 1;

    private static void Kernel(Index1D index, ProductSizes sizes, ArrayView<float> left, ArrayView<float> right, ArrayView<float> target)
    {
        var element = index % (sizes.Rows * sizes.Columns);
        var (pair, row, column) = (index / (sizes.Rows * sizes.Columns), element / sizes.Columns, element % sizes.Columns);
        var leftStart = pair * sizes.LeftBatch + row * sizes.LeftRow;
        var rightStart = pair * sizes.RightBatch + column * sizes.RightColumn;
        var sum = 0f;
        for (var i = 0; i < sizes.Depth; i++)
            sum += left[leftStart + i * sizes.LeftColumn] * right[rightStart + i * sizes.RightRow];
        var at = pair * sizes.TargetBatch + element;
        target[at] = sizes.Accumulate != 0 ? target[at] + sum : sum;
    }
}
