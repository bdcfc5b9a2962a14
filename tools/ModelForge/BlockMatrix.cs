using System.Globalization;

namespace ModelForge;

/// <summary>A matrix that each block of a llama model has.</summary>
/// <param name="Kind">Its name within the block, such as <c>attn_q</c>.</param>
/// <param name="RowLength">What it reads.</param>
/// <param name="Rows">What it writes.</param>
/// <param name="Deviation">The standard deviation of a random model's weights.</param>
/// <param name="WritesResidual">Whether its output is added to the residual stream.</param>
internal sealed record BlockMatrix(string Kind, int RowLength, int Rows, double Deviation, bool WritesResidual = false)
{
    /// <summary>The name of the tensor in a file.</summary>
    public string TensorOf(int block) => string.Create(CultureInfo.InvariantCulture, $"blk.{block}.{Kind}.weight");
}
