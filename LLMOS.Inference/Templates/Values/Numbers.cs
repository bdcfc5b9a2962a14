using System.Globalization;

namespace LLMOS.Inference.Templates.Values;

/// <summary>What booleans, integers and floats have in common, and how Python writes them.</summary>
internal static class Numbers
{
    public static bool TryGetInteger(Value value, out Int128 integer)
    {
        (var isInteger, integer) = value switch
        {
            IntegerValue number => (true, number.Value),
            BooleanValue boolean => (true, boolean.Value ? 1 : 0),
            _ => (false, (Int128)0),
        };
        return isInteger;
    }

    public static bool TryGetDouble(Value value, out double number)
    {
        if (value is FloatValue single)
        {
            number = single.Value;
            return true;
        }
        var isInteger = TryGetInteger(value, out var integer);
        number = (double)integer;
        return isInteger;
    }

    /// <summary>Compares two numbers; false when one of the values is none, or not a number at all.</summary>
    public static bool TryCompare(Value left, Value right, out int order)
    {
        order = 0;
        if (TryGetInteger(left, out var leftInteger) && TryGetInteger(right, out var rightInteger))
        {
            order = leftInteger.CompareTo(rightInteger);
            return true;
        }
        if (!TryGetDouble(left, out var leftNumber) || !TryGetDouble(right, out var rightNumber) || double.IsNaN(leftNumber) || double.IsNaN(rightNumber))
            return false;
        order = leftNumber.CompareTo(rightNumber);
        return true;
    }

    /// <summary>An integer that fits a position or a count; the nearest that does when it is larger or smaller.</summary>
    public static int Clamp(Int128 value) => (int)Int128.Clamp(value, int.MinValue, int.MaxValue);

    /// <summary>A float as Python writes it: <c>1.0</c>, <c>1e-05</c>, <c>inf</c>.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "nan";
        if (double.IsInfinity(value))
            return value > 0 ? "inf" : "-inf";
        var text = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (value != 0 && exponent is < -4 or >= 16)
            return Scientific(value);
        return value.ToString("F" + Math.Max(1, SignificantDigits(value) - 1 - exponent), CultureInfo.InvariantCulture);
    }

    public static bool TryParseFloat(string text, out double value) =>
        double.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    public static bool TryParseInteger(string text, out Int128 value) =>
        Int128.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static int SignificantDigits(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var mantissa = text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return Math.Max(mantissa.Trim('0').Length, 1);
    }

    private static string Scientific(double value)
    {
        // The shortest digits that give the number back, in the form d.ddde±xx with two digits of exponent at least.
        var parts = value.ToString("E" + (SignificantDigits(value) - 1), CultureInfo.InvariantCulture).Split('E');
        var exponent = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{parts[0]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
