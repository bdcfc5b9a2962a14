namespace LLMOS.Simulator.Reports;

/// <summary>How evenly something is shared.</summary>
internal static class Fairness
{
    /// <summary>Jain's index: 1 when all have the same, 1/n when one has it all; 1 for none.</summary>
    /// <remarks>Jain, Chiu and Hawe, 1984.</remarks>
    public static double Jain(IReadOnlyCollection<double> shares)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var share in shares)
        {
            sum += share;
            squares += share * share;
        }
        return squares == 0 ? 1 : sum * sum / (shares.Count * squares);
    }
}
