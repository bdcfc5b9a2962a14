using System.Globalization;

namespace LLMOS.Silo.Models;

/// <summary>How long a model stays in memory after its last request, as Ollama's <c>keep_alive</c>: 0 for not at all, negative for ever.</summary>
internal static class KeepAlive
{
    public static TimeSpan Forever => Timeout.InfiniteTimeSpan;

    /// <summary>Reads seconds, or a number with one of the units ms, s, m and h; a negative one means for ever.</summary>
    /// <param name="name">What is read, for the sentence.</param>
    /// <param name="text">What it says.</param>
    /// <exception cref="LlmosException">It is no time.</exception>
    public static TimeSpan Parse(string name, string text)
    {
        var value = text.Trim();
        var seconds = value switch
        {
            [.. var number, 'm', 's'] => Read(number) / 1000,
            [.. var number, 's'] => Read(number),
            [.. var number, 'm'] => Read(number) * 60,
            [.. var number, 'h'] => Read(number) * 3600,
            _ => Read(value),
        };
        return seconds switch
        {
            null or > 100_000_000 => throw LlmosException.InvalidArgument($"{name} is '{text}', which is no time: use seconds or a number with s, m or h, such as 5m; 0 unloads a model at once, and -1 never."),
            < 0 => Forever,
            _ => TimeSpan.FromSeconds(seconds.Value),
        };
    }

    /// <summary>Whether a model that has been idle for so long goes.</summary>
    public static bool IsOver(TimeSpan keepAlive, TimeSpan idle) => keepAlive >= TimeSpan.Zero && idle >= keepAlive;

    private static double? Read(string number) =>
        double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;
}
