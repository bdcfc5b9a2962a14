using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LLMOS.Shell.Commands;

/// <summary>Reads the number of an option while the command line is checked; asking the parser for it would throw.</summary>
internal static class OptionNumber
{
    private const double MaxSeconds = 86_400;

    /// <returns>Null when nothing was said, or what was said is no number, which the parser says by itself.</returns>
    public static T? Of<T>(OptionResult result)
        where T : struct, IParsable<T> =>
        result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>An option that is a time of more than nothing and at most a day.</summary>
    public static Option<double?> Seconds(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description, HelpName = "SECONDS" };
        option.Validators.Add(result =>
        {
            if (Of<double>(result) is { } seconds && seconds is not (> 0 and <= MaxSeconds))
            {
                result.AddError($"{name} is {result.Tokens[0].Value}: use more than 0 and at most {MaxSeconds} seconds.");
            }
        });
        return option;
    }

    /// <summary>The time that such an option says; null when it was not said.</summary>
    public static TimeSpan? SecondsOf(ParseResult parse, Option<double?> option) =>
        parse.GetValue(option) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
