using System.Globalization;

namespace LLMOS.Silo.Models;

/// <summary>Sizes in bytes as people write and read them; K, M, G and T are powers of 1024.</summary>
internal static class ByteSize
{
    private const string Suffixes = "KMGT";

    /// <exception cref="LlmosException">It is no size.</exception>
    public static long Parse(string text)
    {
        var number = text.Trim().ToUpperInvariant();
        number = number.EndsWith("IB", StringComparison.Ordinal) ? number[..^2] : number.TrimEnd('B');
        var scale = number.Length > 0 ? Suffixes.IndexOf(number[^1], StringComparison.Ordinal) + 1 : 0;
        number = scale > 0 ? number[..^1] : number;
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value > 0
            && value * Math.Pow(1024, scale) < long.MaxValue
            ? (long)(value * Math.Pow(1024, scale))
            : throw LlmosException.InvalidArgument($"'{text}' is no size: use a number of bytes above 0, or one with K, M, G or T, such as 8G.");
    }

    public static string Format(long bytes)
    {
        double value = Math.Max(0, bytes);
        var scale = 0;
        while (value >= 1024 && scale < Suffixes.Length)
        {
            value /= 1024;
            scale++;
        }

        return scale == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Suffixes[scale - 1]}iB");
    }
}
