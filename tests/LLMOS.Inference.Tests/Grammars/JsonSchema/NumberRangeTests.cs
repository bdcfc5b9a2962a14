using System.Globalization;
using System.Numerics;
using CsCheck;
using LLMOS.Inference.Grammars;
using LLMOS.Inference.Grammars.JsonSchema;

namespace LLMOS.Inference.Tests.Grammars.JsonSchema;

public sealed class NumberRangeTests
{
    private static readonly Gen<long> Edge = Gen.Select(Gen.Int[0, 17], Gen.Int[-3, 3], Gen.Bool).Select((power, near, negative) =>
    {
        var value = (long)Math.Pow(10, power) + near;
        return negative ? -value : value;
    });

    private static readonly Gen<long> Integer = Gen.OneOf(Edge, Gen.Long[-150, 150], Gen.Long[-100_000, 100_000], Gen.Long[-999_999_999_999_999_999, 999_999_999_999_999_999]);

    [Fact]
    public void All_whole_numbers_of_small_ranges_and_no_others_fit()
    {
        for (var low = -25; low <= 130; low += 7)
        {
            for (var high = low; high <= 131; high += 6)
            {
                var grammar = Integers(low, high);
                for (var number = -140; number <= 140; number++)
                    Assert.True(Fits.Grammar(grammar, Text(number)) == (number >= low && number <= high), $"{number} in {low} to {high}");
            }
        }
    }

    [Fact]
    public void A_whole_number_fits_when_it_is_between_the_bounds() => Gen.Select(Integer, Integer, Integer.Array[20]).Sample(
        (a, b, numbers) =>
        {
            var (low, high) = (Math.Min(a, b), Math.Max(a, b));
            var both = Integers(low, high);
            var lower = Integers(low, null);
            var upper = Integers(null, high);
            foreach (var number in numbers.Concat([low, high, low - 1, high + 1, low + 1, high - 1, low + ((high - low) / 2)]))
            {
                Assert.Equal(number >= low && number <= high, Fits.Grammar(both, Text(number)));
                if (Math.Abs((decimal)number) < 1_000_000_000_000_000_000m)
                {
                    Assert.Equal(number >= low, Fits.Grammar(lower, Text(number)));
                    Assert.Equal(number <= high, Fits.Grammar(upper, Text(number)));
                }
            }
        },
        iter: 150);

    [Theory]
    [InlineData("0", "00")]
    [InlineData("-5", "-0")]
    [InlineData("7", "07")]
    [InlineData("7", "+7")]
    [InlineData("7", "7.")]
    [InlineData("7", "")]
    public void Numbers_are_written_in_one_way(string fits, string doesNot)
    {
        var grammar = Integers(-10, 10);
        Assert.True(Fits.Grammar(grammar, fits));
        Assert.False(Fits.Grammar(grammar, doesNot));
    }

    [Fact]
    public void A_decimal_number_fits_when_it_is_between_the_bounds()
    {
        // Few digits, so that bounds and numbers often share some.
        var number = Gen.Select(Gen.Int[-3000, 3000], Gen.Int[0, 3]).Select((unscaled, scale) => new decimal(Math.Abs(unscaled), 0, 0, unscaled < 0, (byte)scale));
        Gen.Select(number, number, Gen.Bool, Gen.Bool, number.Array[20]).Sample(
            (a, b, isLowExclusive, isHighExclusive, numbers) =>
            {
                var (low, high) = (Math.Min(a, b), Math.Max(a, b));
                var lowBound = new JsonBound(ExactDecimal.Parse(Text(low))!.Value, isLowExclusive);
                var highBound = new JsonBound(ExactDecimal.Parse(Text(high))!.Value, isHighExclusive);
                bool Above(decimal value) => isLowExclusive ? value > low : value >= low;
                bool Below(decimal value) => isHighExclusive ? value < high : value <= high;
                var candidates = numbers.Concat([low, high, low - 0.001m, low + 0.001m, high - 0.001m, high + 0.001m, (low + high) / 2, 0, 1, -1]).Select(value => decimal.Round(value, 4)).ToList();
                Check(lowBound, highBound, value => Above(value) && Below(value), candidates);
                Check(lowBound, null, Above, candidates);
                Check(null, highBound, Below, candidates);
            },
            iter: 300);
    }

    /// <summary>A grammar that nothing fits is no grammar, so there is none when no number is in the range.</summary>
    private static void Check(JsonBound? low, JsonBound? high, Func<decimal, bool> isInside, List<decimal> numbers)
    {
        var expression = DecimalRange.Numbers(low, high);
        var grammar = expression is null ? null : GbnfGrammar.Parse($"root ::= {expression}");
        foreach (var number in numbers)
        {
            var text = Text(number);
            var isNegativeZero = number == 0 && text.StartsWith('-');
            Assert.True((grammar is not null && Fits.Grammar(grammar, text)) == (isInside(number) && !isNegativeZero), $"{text} in {low} to {high}: {expression}");
            if (isInside(number) && !text.Contains('.', StringComparison.Ordinal))
                Assert.True(Fits.Grammar(grammar!, text + ".0"), $"{text}.0 in {low} to {high}: {expression}");
        }
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("-1.50", "-1.5")]
    [InlineData("1e3", "1000")]
    [InlineData("12.5E-2", "0.125")]
    [InlineData("100e-2", "1")]
    [InlineData("0e29", "0")]
    public void Bounds_are_read_exactly(string json, string plain) =>
        Assert.Equal(ExactDecimal.Parse(plain)!.Value, ExactDecimal.Parse(json)!.Value);

    [Theory]
    [InlineData("1e31")]
    [InlineData("1e-31")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1234567890123456789012345678901")]
    public void Bounds_of_too_many_digits_are_none(string json) => Assert.Null(ExactDecimal.Parse(json));

    private static GbnfGrammar Integers(BigInteger? low, BigInteger? high) => GbnfGrammar.Parse($"root ::= {DigitRange.Integers(low, high)}");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
