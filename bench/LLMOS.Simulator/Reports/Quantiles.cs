namespace LLMOS.Simulator.Reports;

/// <summary>What many samples say.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="P50">What half do not exceed.</param>
/// <param name="P99">What 99 of 100 do not exceed.</param>
/// <param name="Max">The largest.</param>
internal readonly record struct Quantiles(double Mean, double P50, double P99, double Max)
{
    /// <summary>Of samples in any order; all 0 for none.</summary>
    public static Quantiles Of(List<double> samples)
    {
        if (samples.Count == 0)
            return default;
        samples.Sort();
        return new Quantiles(samples.Average(), At(samples, 0.5), At(samples, 0.99), samples[^1]);
    }

    private static double At(List<double> sorted, double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)];
}
