using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LLMOS.Shell.Commands;

/// <summary>An option that is a size, or a bound of sizes: <c>+10k</c> for more than that, <c>-10k</c> for less, <c>10k</c> for just that.</summary>
internal static class SizeOption
{
    public static Option<(long Least, long Most)?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "[+-]N[kMG]",
        CustomParser = result => result.Tokens is [{ Value: var text }] ? Parse(name, text, result) : null,
    };

    private static (long Least, long Most)? Parse(string name, string text, ArgumentResult result)
    {
        var number = text.AsSpan();
        var sign = number is ['+' or '-', ..] ? number[0] : ' ';
        number = number[(sign == ' ' ? 0 : 1)..];
        var unit = number is [.., var letter] ? letter switch
        {
            'k' or 'K' => 1024L,
            'm' or 'M' => 1024L * 1024,
            'g' or 'G' => 1024L * 1024 * 1024,
            _ => 1L,
        } : 1;
        number = unit == 1 ? number : number[..^1];
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > (long.MaxValue / unit) - 1)
        {
            result.AddError($"{name} is '{text}', which is no size: use bytes such as 100, or 10k, 2M, 1G; with + before it more than that, with - less.");
            return null;
        }

        var bytes = count * unit;
        if (sign == '-' && bytes == 0)
        {
            result.AddError($"{name} is '{text}', and no file has less than nothing: use 0 for empty files.");
            return null;
        }

        return sign switch
        {
            '+' => (bytes + 1, long.MaxValue),
            '-' => (0, bytes - 1),
            _ => (bytes, bytes),
        };
    }
}
