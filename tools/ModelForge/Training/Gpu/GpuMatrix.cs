using ILGPU;

namespace ModelForge.Training.Gpu;

/// <summary>A matrix in the memory of a GPU, row after row without gaps; or several of one shape, for products of pairs.</summary>
/// <param name="Elements">From its first element on.</param>
/// <param name="Rows">Of the matrix as it is read.</param>
/// <param name="Columns">Of the matrix as it is read.</param>
/// <param name="IsTransposed">Whether it is stored with rows and columns exchanged.</param>
/// <param name="BatchStride">From one matrix to the next.</param>
internal readonly record struct GpuMatrix(ArrayView<float> Elements, int Rows, int Columns, bool IsTransposed = false, int BatchStride = 0)
{
    public GpuMatrix Transposed => this with { Rows = Columns, Columns = Rows, IsTransposed = !IsTransposed };

    /// <summary>From one stored row to the next.</summary>
    public int Stride => IsTransposed ? Rows : Columns;
}
