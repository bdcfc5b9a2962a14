namespace ModelForge.Training;

/// <summary>Where a tensor lies among the parameters.</summary>
/// <param name="Name">Its name in GGUF.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Rows">Outputs of a matrix; 1 for the weights of a norm.</param>
/// <param name="Columns">Inputs of a matrix.</param>
internal sealed record ParameterTensor(string Name, long Offset, int Rows, int Columns)
{
    public long Length => (long)Rows * Columns;

    /// <summary>Norms are vectors: they are not decayed, and not quantised.</summary>
    public bool IsNorm => Rows == 1;
}
