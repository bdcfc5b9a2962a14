using System.Globalization;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Python's <c>%</c> on a string: <c>%s</c>, <c>%r</c>, <c>%d</c>, <c>%i</c>, <c>%f</c> and <c>%x</c> with flags, width and precision.</summary>
internal static class PercentFormat
{
    private const int Widest = 1000;

    public static TextValue Apply(TextValue format, IReadOnlyList<Value> values, RenderBudget budget)
    {
        var result = new TextBuilder(budget);
        var (at, next) = (0, 0);
        while (at < format.Length)
        {
            var percent = format.Text.IndexOf('%', at);
            if (percent < 0)
                percent = format.Length;
            result.Append(format, at, percent - at);
            at = percent;
            if (at < format.Length)
                at = AppendOne(result, format.Text, at + 1, values, ref next, budget);
        }
        return next < values.Count && values[next] is not MapValue
            ? throw new TemplateFault($"the format has {next} places for {values.Count} values")
            : result.ToText();
    }

    private static int AppendOne(TextBuilder result, string format, int at, IReadOnlyList<Value> values, ref int next, RenderBudget budget)
    {
        var flags = at;
        while (at < format.Length && format[at] is '-' or '0' or '+' or ' ')
            at++;
        var (left, zeros) = (format.AsSpan(flags, at - flags).Contains('-'), format.AsSpan(flags, at - flags).Contains('0'));
        var width = ReadNumber(format, ref at) ?? 0;
        int? precision = null;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = ReadNumber(format, ref at) ?? 0;
        }
        if (at >= format.Length)
            throw new TemplateFault("the format ends within a place for a value");
        if (format[at] == '%')
        {
            result.Append("%");
            return at + 1;
        }
        if (next >= values.Count)
            throw new TemplateFault($"the format has more places than the {values.Count} values that it is given");
        var text = Convert(format[at], values[next++], precision, budget);
        var padding = new string(zeros && !left && format[at] is not ('s' or 'r') ? '0' : ' ', Math.Max(0, width - text.Length));
        result.Append(left ? "" : padding);
        result.Append(text);
        result.Append(left ? padding : "");
        return at + 1;
    }

    private static TextValue Convert(char kind, Value value, int? precision, RenderBudget budget)
    {
        switch (kind)
        {
            case 's' or 'r':
                var text = kind == 's' ? ValueText.Of(value, budget) : ValueText.Quoted(value, budget);
                return text.Slice(0, Math.Min(text.Length, precision ?? text.Length));
            case 'd' or 'i' when Numbers.TryGetDouble(value, out var whole) && double.IsFinite(whole):
                return TextValue.OfTemplate(Numbers.TryGetInteger(value, out var integer) ? integer.ToString(CultureInfo.InvariantCulture) : Math.Truncate(whole).ToString("F0", CultureInfo.InvariantCulture));
            case 'f' when Numbers.TryGetDouble(value, out var number):
                return TextValue.OfTemplate(number.ToString("F" + (precision ?? 6), CultureInfo.InvariantCulture));
            case 'x' when Numbers.TryGetInteger(value, out var hex) && hex >= 0:
                return TextValue.OfTemplate(hex == 0 ? "0" : hex.ToString("x", CultureInfo.InvariantCulture).TrimStart('0'));
            default:
                throw new TemplateFault($"%{kind} cannot format a {value.Kind}");
        }
    }

    private static int? ReadNumber(string format, ref int at)
    {
        var begin = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
            at++;
        if (at == begin)
            return null;
        return int.TryParse(format.AsSpan(begin, at - begin), out var number) && number <= Widest
            ? number
            : throw new TemplateFault($"a width of {format[begin..Math.Min(at, begin + 20)]} is more than the {Widest} that are allowed");
    }
}
