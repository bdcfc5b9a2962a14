using System.Globalization;
using System.Text.RegularExpressions;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// A number of a sentence that is written with thousands apart or short of them: <c>1,000</c>, <c>20k</c>, <c>1.5k</c>. Two PIDs may have a comma
/// between them, too, so groups are one number only where one of them begins with 0, as no PID does, or a unit follows.
/// </summary>
internal static partial class WrittenNumber
{
    /// <summary>The numbers of a sentence that are written so, in order: where they stand, and their digits.</summary>
    public static IEnumerable<(int Start, int Length, string Digits)> In(string sentence)
    {
        foreach (Match match in Pattern().Matches(sentence))
        {
            if (Digits(match) is { } digits)
                yield return (match.Index, match.Length, digits);
        }
    }

    private static string? Digits(Match match)
    {
        var written = match.Value;
        if (match.Groups["groups"].Success)
            return written.Replace(",", "", StringComparison.Ordinal);
        var thousands = decimal.Parse(written.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1000;
        return thousands == decimal.Truncate(thousands) ? thousands.ToString("0", CultureInfo.InvariantCulture) : null;
    }

    // Neither within a word, a path or a longer number, nor of more digits than a decimal has.
    [GeneratedRegex(
        """
        (?<![\p{L}\p{N}.,:/_@#-])
        (?: (?<groups> [1-9][0-9]{0,2} (?: ,[0-9]{3} ){1,8} (?: (?<= ,0[0-9]{2} (?: ,[0-9]{3} )* ) | (?= [\s]+ (?: tokens? | bytes? | messages? | requests? | words? | characters? ) \b ) ) )
          | [0-9]{1,9} (?: \.[0-9]{1,6} )? [kK] )
        (?! [\p{L}\p{N}/_@-] | [.,:][\p{L}\p{N}] )
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
