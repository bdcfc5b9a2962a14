namespace LLMOS.Benchmarks.Measuring;

/// <summary>What a handful of samples says. Pure.</summary>
internal static class Statistics
{
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static double Median(IEnumerable<double> samples) => Percentile(samples, 50);

    /// <summary>The value that <paramref name="percent"/> of the samples do not exceed, interpolated linearly between neighbours.</summary>
    /// <exception cref="ArgumentException">There are no samples, or one is not a number.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percent"/> is not from 0 to 100.</exception>
    public static double Percentile(IEnumerable<double> samples, double percent)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (!(percent is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is from 0 to 100.");
        var sorted = samples.Order().ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("There are no samples.", nameof(samples));
        if (double.IsNaN(sorted[0]))
            throw new ArgumentException("A sample is not a number.", nameof(samples));
        var place = percent / 100 * (sorted.Length - 1);
        var below = (int)place;
        return below == sorted.Length - 1 ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>The median of the quotients of samples that were taken one after the other.</summary>
    /// <exception cref="ArgumentException">There are no samples, not equally many, or a divisor is 0.</exception>
    public static double MedianRatio(IReadOnlyList<double> values, IReadOnlyList<double> peers)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(peers);
        if (values.Count != peers.Count)
            throw new ArgumentException($"{values.Count} samples cannot be paired with {peers.Count}.", nameof(peers));
        if (peers.Contains(0))
            throw new ArgumentException("A peer's sample is 0.", nameof(peers));
        return Median(values.Zip(peers, (value, peer) => value / peer));
    }

    /// <summary>Jain's index of fairness: 1 when all have the same, 1/n when one of n has all. Source: Jain, Chiu, Hawe, "A quantitative measure of fairness", DEC TR-301, 1984.</summary>
    /// <exception cref="ArgumentException">There are no shares, one is negative or not a number, or all are 0.</exception>
    public static double Jain(IReadOnlyCollection<double> shares)
    {
        ArgumentNullException.ThrowIfNull(shares);
        if (!shares.All(share => share >= 0 && double.IsFinite(share)) || !shares.Any(share => share > 0))
            throw new ArgumentException("Shares are 0 or more, and one of them is more.", nameof(shares));
        var sum = shares.Sum();
        return sum * sum / (shares.Count * shares.Sum(share => share * share));
    }
}
