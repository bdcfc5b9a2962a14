using System.Globalization;

namespace LLMOS.Benchmarks;

/// <summary>What a row's value or ratio is to be.</summary>
internal sealed class Goal
{
    private readonly string _text;
    private readonly Func<Row, bool> _isMet;

    private Goal(string text, Func<Row, bool> isMet)
    {
        _text = text;
        _isMet = isMet;
    }

    public static Goal RatioAtLeast(double least) => new(Text($"ratio >= {least:0.00}"), row => row.Ratio >= least);

    public static Goal RatioAtMost(double most) => new(Text($"ratio <= {most:0.00}"), row => row.Ratio <= most);

    public static Goal ValueAtLeast(double least) => new(Text($"value >= {least:0.###}"), row => row.Value >= least);

    public static Goal ValueUnder(double limit) => new(Text($"value < {limit:0.###}"), row => row.Value < limit);

    public bool IsMet(Row row) => _isMet(row);

    public override string ToString() => _text;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
