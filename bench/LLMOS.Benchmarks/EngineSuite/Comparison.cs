using LLMOS.Benchmarks.Measuring;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>Makes rows of samples that were taken in turn.</summary>
internal static class Comparison
{
    /// <summary>The medians of both and the median of the rounds' ratios.</summary>
    /// <exception cref="ArgumentException">There are not equally many samples, or a peer's is 0.</exception>
    public static Row Of(string name, string unit, IEnumerable<double> values, string peer, IEnumerable<double> peers)
    {
        double[] mine = [.. values];
        double[] theirs = [.. peers];
        return new Row
        {
            Suite = EngineBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(mine),
            Unit = unit,
            Peer = peer,
            PeerValue = Statistics.Median(theirs),
            Ratio = Statistics.MedianRatio(mine, theirs),
        };
    }

    /// <summary>Two figures, each of all rounds together.</summary>
    public static Row Of(string name, string unit, double value, string peer, double peerValue) => new()
    {
        Suite = EngineBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = unit,
        Peer = peer,
        PeerValue = peerValue,
        Ratio = value / peerValue,
    };
}
