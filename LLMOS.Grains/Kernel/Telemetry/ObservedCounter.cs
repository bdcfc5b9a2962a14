using System.Diagnostics.Metrics;

namespace LLMOS.Kernel.Telemetry;

/// <summary>
/// A counter whose tag has few values, all known: each is shown from the first look on, at 0 too, and what was counted before anybody looked is not lost. Counting is one interlocked increment.
/// </summary>
internal sealed class ObservedCounter
{
    private readonly long[] _counts;
    private readonly KeyValuePair<string, object?>[][] _tags;

    /// <summary>One without a tag.</summary>
    public ObservedCounter(string name, string unit, string description)
        : this(name, unit, description, [[]])
    {
    }

    /// <summary>One with a tag.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="description">What it counts.</param>
    /// <param name="tag">The tag's name.</param>
    /// <param name="values">The tag's values, by the numbers that <see cref="Add"/> is given.</param>
    public ObservedCounter(string name, string unit, string description, string tag, IEnumerable<string> values)
        : this(name, unit, description, [.. values.Select(value => new[] { new KeyValuePair<string, object?>(tag, value) })])
    {
    }

    private ObservedCounter(string name, string unit, string description, KeyValuePair<string, object?>[][] tags)
    {
        _tags = tags;
        _counts = new long[tags.Length];
        LlmosTelemetry.Meter.CreateObservableCounter<long>(name, Observe, unit, description);
    }

    /// <summary>Counts.</summary>
    /// <param name="value">The number of the tag's value.</param>
    /// <param name="count">How many.</param>
    public void Add(int value = 0, long count = 1) => Interlocked.Add(ref _counts[value], count);

    private IEnumerable<Measurement<long>> Observe()
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            yield return new Measurement<long>(Interlocked.Read(ref _counts[i]), _tags[i]);
        }
    }
}
