using System.Globalization;
using System.Numerics;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>Ranges of whole numbers as GBNF: digit by digit from the first one in which the two bounds differ.</summary>
internal static class DigitRange
{
    public const string Digit = "[0-9]";

    /// <summary>The integers from one to another, with their sign; null for no bound, where numbers have at most as many digits as 64 bits always hold.</summary>
    /// <returns>Null when there is none.</returns>
    public static string? Integers(BigInteger? low, BigInteger? high)
    {
        var alternatives = new List<string>();
        if (low is null || low.Value.Sign < 0)
        {
            var magnitudes = Naturals(high is { Sign: < 0 } ? -high.Value : BigInteger.One, low is null ? null : -low.Value);
            if (magnitudes is not null)
                alternatives.Add($"\"-\" {GbnfText.Item(magnitudes)}");
        }
        if (high is null || high.Value.Sign >= 0)
        {
            var naturals = Naturals(low is { Sign: > 0 } ? low.Value : BigInteger.Zero, high);
            if (naturals is not null)
                alternatives.Add(naturals);
        }
        return alternatives.Count == 0 ? null : GbnfText.Alternatives(alternatives);
    }

    /// <summary>The numbers from <paramref name="low"/>, which is 0 or more, to <paramref name="high"/>.</summary>
    /// <returns>Null when there is none.</returns>
    public static string? Naturals(BigInteger low, BigInteger? high)
    {
        var first = Text(low);
        var last = high is { } bound ? Text(bound) : new string('9', Math.Max(JsonRules.IntegerDigits, first.Length));
        if (high < low)
            return null;
        var alternatives = new List<string>();
        for (var length = first.Length; length <= last.Length; length++)
        {
            var from = length == first.Length ? first : "1" + new string('0', length - 1);
            var longest = length;
            // All numbers of several lengths make one alternative.
            if (IsSmallest(from))
            {
                while (longest < last.Length && (longest + 1 < last.Length || IsLargest(last)))
                    longest++;
            }
            if (longest > length)
            {
                alternatives.Add($"[1-9] {GbnfText.Repeat(Digit, length - 1, longest - 1)}");
                length = longest;
                continue;
            }
            alternatives.Add(SameLength(from, length == last.Length ? last : new string('9', length)));
        }
        return GbnfText.Alternatives(alternatives);
    }

    /// <summary>The digits between two, both of one length and the first not larger.</summary>
    public static string SameLength(string low, string high)
    {
        if (low == high)
            return low.Length == 0 ? "" : GbnfText.Literal(low);
        var common = low.AsSpan().CommonPrefixLength(high);
        if (common > 0)
            return $"{GbnfText.Literal(low[..common])} {GbnfText.Item(SameLength(low[common..], high[common..]))}";
        var rest = low.Length - 1;
        var (first, last) = (low[0], high[0]);
        var alternatives = new List<string>();
        if (low.AsSpan(1).ContainsAnyExcept('0'))
            alternatives.Add($"\"{first++}\" {GbnfText.Item(SameLength(low[1..], new string('9', rest)))}");
        var highRest = high.AsSpan(1).ContainsAnyExcept('9');
        if (highRest)
            last--;
        if (first <= last)
            alternatives.Add(GbnfText.Sequence(Digits(first, last), GbnfText.Repeat(Digit, rest, rest)));
        if (highRest)
            alternatives.Add($"\"{high[0]}\" {GbnfText.Item(SameLength(new string('0', rest), high[1..]))}");
        return GbnfText.Alternatives(alternatives);
    }

    /// <summary>One digit of a range that is not empty.</summary>
    public static string Digits(char first, char last) => first == last ? $"\"{first}\"" : $"[{first}-{last}]";

    private static bool IsSmallest(string number) => number[0] == '1' && !number.AsSpan(1).ContainsAnyExcept('0');

    private static bool IsLargest(string number) => !number.AsSpan().ContainsAnyExcept('9');

    private static string Text(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
}
