using System.Globalization;
using System.Numerics;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>
/// Ranges of decimal numbers as GBNF, written without exponents. The digits after the point are so many that a double still tells a number from
/// the bounds, so that what is written is in the range for a reader that rounds.
/// </summary>
internal static class DecimalRange
{
    private const int UsualFraction = 8;

    /// <summary>Decimal digits that a double always keeps.</summary>
    private const int DoubleDigits = 15;

    /// <returns>Null when there is none.</returns>
    public static string? Numbers(JsonBound? low, JsonBound? high)
    {
        var zero = new JsonBound(default, IsExclusive: false);
        var alternatives = new List<string>();
        if (low is null || low.Value.Unscaled.Sign < 0)
        {
            var from = high is { Value.Unscaled.Sign: < 0 } ? Negated(high) : zero with { IsExclusive = true };
            if (Magnitudes(from, low is null ? null : Negated(low)) is { } magnitudes)
                alternatives.Add($"\"-\" {GbnfText.Item(magnitudes)}");
        }
        if (high is null || high.Value.Unscaled.Sign >= 0)
        {
            if (Magnitudes(low is { Value.Unscaled.Sign: >= 0 } ? low : zero, high) is { } magnitudes)
                alternatives.Add(magnitudes);
        }
        return alternatives.Count == 0 ? null : GbnfText.Alternatives(alternatives);
    }

    private static JsonBound Negated(JsonBound bound) => bound with { Value = -bound.Value };

    /// <summary>Numbers without a sign; neither bound is negative.</summary>
    private static string? Magnitudes(JsonBound low, JsonBound? high)
    {
        var (from, to) = (low.Value.Whole, high?.Value.Whole);
        if (to < from)
            return null;
        var length = FractionLength(low, high);
        if (from == to)
            return With(from, new FractionRange(low.Value.Fraction, low.IsExclusive, high!.Value.Fraction, high.IsExclusive, length).Expression());
        var alternatives = new List<string?>
        {
            With(from, new FractionRange(low.Value.Fraction, low.IsExclusive, null, false, length).Expression()),
        };
        if (DigitRange.Naturals(from + 1, to - 1) is { } between)
            alternatives.Add($"{GbnfText.Item(between)} {new FractionRange("", false, null, false, length).Expression()}");
        if (high is not null)
            alternatives.Add(With(to!.Value, new FractionRange("", false, high.Value.Fraction, high.IsExclusive, length).Expression()));
        return alternatives.OfType<string>().ToList() is { Count: > 0 } some ? GbnfText.Alternatives(some) : null;
    }

    private static int FractionLength(JsonBound low, JsonBound? high)
    {
        var given = Math.Max(low.Value.Fraction.Length, high?.Value.Fraction.Length ?? 0);
        var whole = Math.Max(Text(low.Value.Whole).Length, high is null ? 1 : Text(high.Value.Whole).Length);
        return Math.Max(given + 1, Math.Min(UsualFraction, DoubleDigits - whole));
    }

    private static string? With(BigInteger whole, string? fraction) =>
        fraction is null ? null : GbnfText.Sequence(GbnfText.Literal(Text(whole)), fraction);

    private static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
