using System.Globalization;
using System.Numerics;

namespace LLMOS.Inference.Grammars.JsonSchema;

/// <summary>A decimal number without rounding: <paramref name="Unscaled"/> over ten to the power of <paramref name="Scale"/>.</summary>
/// <param name="Unscaled">Its digits, with its sign.</param>
/// <param name="Scale">How many of them follow the point; 0 or more.</param>
internal readonly record struct ExactDecimal(BigInteger Unscaled, int Scale) : IComparable<ExactDecimal>
{
    /// <summary>Digits before and after the point that a number may have.</summary>
    public const int MostDigits = 30;

    public bool IsInteger => Unscaled % Power(Scale) == 0;

    public BigInteger Floor
    {
        get
        {
            var quotient = BigInteger.DivRem(Unscaled, Power(Scale), out var rest);
            return rest.Sign < 0 ? quotient - 1 : quotient;
        }
    }

    public BigInteger Ceiling => IsInteger ? Floor : Floor + 1;

    /// <summary>The digits after the point, without the zeros at their end.</summary>
    public string Fraction => Digits[^Scale..].TrimEnd('0');

    /// <summary>The part before the point, without its sign.</summary>
    public BigInteger Whole => BigInteger.Abs(Unscaled) / Power(Scale);

    private string Digits => BigInteger.Abs(Unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(Scale, '0');

    /// <summary>Reads a number as JSON writes it.</summary>
    /// <returns>Null when it has more than <see cref="MostDigits"/> digits before or after the point.</returns>
    public static ExactDecimal? Parse(string json)
    {
        var exponentAt = json.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? json : json[..exponentAt];
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(json.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var scale = point < 0 ? 0 : mantissa.Length - point - 1;
        if (mantissa.Length > MostDigits * 2 || Math.Abs((long)exponent) > MostDigits * 2)
            return null;
        var unscaled = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        scale -= exponent;
        if (scale < 0)
            (unscaled, scale) = (unscaled * Power(-scale), 0);
        while (scale > 0 && unscaled % 10 == 0)
            (unscaled, scale) = (unscaled / 10, scale - 1);
        var number = new ExactDecimal(unscaled, scale);
        return scale > MostDigits || number.Whole >= Power(MostDigits) ? null : number;
    }

    public static ExactDecimal operator -(ExactDecimal number) => number with { Unscaled = -number.Unscaled };

    public int CompareTo(ExactDecimal other) => (Unscaled * Power(other.Scale)).CompareTo(other.Unscaled * Power(Scale));

    private static BigInteger Power(int exponent) => BigInteger.Pow(10, exponent);
}
