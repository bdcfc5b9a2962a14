using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LLMOS.Shell.Commands;

/// <summary>An option that is a time, or how long ago that was.</summary>
internal static class TimeOption
{
    public static Option<DateTimeOffset?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Parse(name, text, result) : null,
    };

    private static DateTimeOffset? Parse(string name, string text, ArgumentResult result)
    {
        if (Ago(text) is { } ago)
        {
            return DateTimeOffset.UtcNow - ago;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at))
        {
            return at;
        }

        result.AddError($"{name} is '{text}', which is no time: use one such as 2026-01-31T12:00, or how long ago, such as 90s, 10m, 2h or 7d.");
        return null;
    }

    private static TimeSpan? Ago(string text) =>
        text.Length > 1 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' when count < 1_000_000 => TimeSpan.FromHours(count),
                'd' when count < 100_000 => TimeSpan.FromDays(count),
                _ => null,
            }
            : null;
}
