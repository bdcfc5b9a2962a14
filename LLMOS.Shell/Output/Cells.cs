using System.Globalization;
using System.Text;
using Spectre.Console.Rendering;

namespace LLMOS.Shell.Output;

/// <summary>Text in the cells of a terminal, of which a wide character takes two.</summary>
internal static class Cells
{
    /// <summary>Takes one cell.</summary>
    private const char Ellipsis = '…';

    /// <summary>The cells that a text takes, on one line and without controls.</summary>
    public static int Width(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IsAscii(text) ? text.Length : new Segment(text).CellCount();
    }

    /// <summary>The text in exactly so many cells: filled with spaces, or cut with an ellipsis.</summary>
    public static string Fit(string text, int width, bool right = false)
    {
        var cut = Cut(text, width);
        var padding = new string(' ', Math.Max(0, width - Width(cut)));
        return right ? padding + cut : cut + padding;
    }

    /// <summary>The text in at most so many cells; an ellipsis says that there is more.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        var used = 1;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            used += Width(element);
            if (used > width)
            {
                break;
            }

            cut.Append(element);
        }

        return width < 1 ? "" : cut.Append(Ellipsis).ToString();
    }

    private static bool IsAscii(string text)
    {
        foreach (var c in text)
        {
            if (c > '~')
            {
                return false;
            }
        }

        return true;
    }
}
