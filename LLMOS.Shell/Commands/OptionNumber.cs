using System.CommandLine.Parsing;
using System.Globalization;

namespace LLMOS.Shell.Commands;

/// <summary>Reads the number of an option while the command line is checked; asking the parser for it would throw.</summary>
internal static class OptionNumber
{
    /// <returns>Null when nothing was said, or what was said is no number, which the parser says by itself.</returns>
    public static T? Of<T>(OptionResult result)
        where T : struct, IParsable<T> =>
        result.Tokens is [var token] && T.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) ? number : null;
}
