using System.Globalization;
using System.Text;

namespace LLMOS.Shell.Output;

/// <summary>
/// Text that somebody else wrote, made safe for a terminal: a model or a message must not move the cursor, colour what
/// follows or turn it around.
/// </summary>
internal static class SafeText
{
    /// <summary>Keeps line ends and tabs, and leaves out every other control character.</summary>
    public static string Lines(string text) => Filter(text, keepLines: true);

    /// <summary>The same on one line, with spaces for line ends and tabs.</summary>
    public static string Line(string text) => Filter(text, keepLines: false);

    /// <summary>The first line that has something on it, cut to a length; an ellipsis says that there is more.</summary>
    public static string FirstLine(string text, int length)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.AsSpan().TrimStart();
        var end = trimmed.IndexOfAny('\r', '\n');
        var first = Line((end < 0 ? trimmed : trimmed[..end]).ToString()).TrimEnd();
        var more = end >= 0 && !trimmed[end..].IsWhiteSpace();
        if (new StringInfo(first) is { } elements && elements.LengthInTextElements > length)
        {
            first = elements.SubstringByTextElements(0, length - 1);
            more = true;
        }

        return more ? first + "…" : first;
    }

    private static string Filter(string text, bool keepLines)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder? safe = null;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var kept = c is '\n' or '\t' ? (keepLines ? c : ' ') : IsUnsafe(c) ? default : c;
            if (kept != c)
            {
                safe ??= new StringBuilder(text, 0, i, text.Length);
            }

            if (kept != default)
            {
                safe?.Append(kept);
            }
        }

        return safe?.ToString() ?? text;
    }

    // Controls, and the marks that turn the direction of what follows.
    private static bool IsUnsafe(char c) => char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069';
}
