using System.Globalization;
using System.Text;

namespace LLMOS.Inference.Templates.Evaluation;

/// <summary>Times as C's <c>strftime</c> writes them in the C locale.</summary>
internal static class TimeFormat
{
    public static string Apply(string format, DateTimeOffset time)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            i++;
            var unpadded = format[i] == '-' && i + 1 < format.Length;
            i += unpadded ? 1 : 0;
            var part = Part(format[i], time) ?? throw new TemplateFault($"strftime_now does not know %{format[i]}");
            text.Append(unpadded && part.Length > 1 ? part.TrimStart('0', ' ').PadLeft(1, '0') : part);
        }
        return text.ToString();
    }

    private static string? Part(char directive, DateTimeOffset time)
    {
        return directive switch
        {
            'Y' => Written("yyyy"),
            'y' => Written("yy"),
            'm' => Written("MM"),
            'd' => Written("dd"),
            'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'H' => Written("HH"),
            'I' => Written("hh"),
            'M' => Written("mm"),
            'S' => Written("ss"),
            'f' => Written("ffffff"),
            'p' => Written("tt"),
            'A' => Written("dddd"),
            'a' => Written("ddd"),
            'B' => Written("MMMM"),
            'b' or 'h' => Written("MMM"),
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'u' => (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
            'F' => Written("yyyy-MM-dd"),
            'T' or 'X' => Written("HH:mm:ss"),
            'R' => Written("HH:mm"),
            'D' or 'x' => Written("MM/dd/yy"),
            'c' => $"{Written("ddd MMM")} {time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2)} {Written("HH:mm:ss yyyy")}",
            'z' => Written("zzz").Replace(":", "", StringComparison.Ordinal),
            'Z' => time.Offset == TimeSpan.Zero ? "UTC" : "",
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => null,
        };

        string Written(string pattern) => time.ToString(pattern, CultureInfo.InvariantCulture);
    }
}
