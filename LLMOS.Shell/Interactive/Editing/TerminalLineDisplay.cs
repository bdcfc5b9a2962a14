using System.Globalization;
using System.Text;
using LLMOS.Shell.Output;

namespace LLMOS.Shell.Interactive.Editing;

/// <summary>Shows a line on a terminal. What does not fit a row of it goes on in the next one, which is written here and not left to the terminal, so that the rows are known.</summary>
internal sealed class TerminalLineDisplay(TextWriter terminal, Func<int> width) : ILineDisplay
{
    private const int MostListed = 200;

    /// <summary>The row of the cursor, counted from the first row of what is shown.</summary>
    private int _row;

    public void Begin()
    {
        // Where the cursor is not at the beginning of a row, a row of spaces goes over into the next one; where it is, it does not.
        terminal.Write(new string(' ', Math.Max(1, width())) + "\r");
        terminal.Flush();
        _row = 0;
    }

    public void Show(string prompt, string text, int cursor)
    {
        var columns = Math.Max(2, width());
        var (rows, row, column) = Layout(prompt, text, cursor, columns);
        var output = new StringBuilder();
        Rewind(output);
        output.AppendJoin("\r\n", rows);
        if (rows.Count - 1 > row)
        {
            output.Append(CultureInfo.InvariantCulture, $"\u001b[{rows.Count - 1 - row}A");
        }

        output.Append('\r');
        if (column > 0)
        {
            output.Append(CultureInfo.InvariantCulture, $"\u001b[{column}C");
        }

        _row = row;
        Write(output);
    }

    public void Leave()
    {
        // Below all of it: the cursor may stand in the middle.
        terminal.Write("\r\n");
        terminal.Flush();
        _row = 0;
    }

    public void List(IReadOnlyList<string> words)
    {
        var shown = words.Take(MostListed).Select(SafeText.Line).ToArray();
        var column = shown.Length == 0 ? 1 : shown.Max(Cells.Width) + 2;
        var each = Math.Max(1, (width() - 1) / column);
        var output = new StringBuilder("\r\n");
        foreach (var line in shown.Chunk(each))
        {
            output.Append(string.Concat(line.Select(word => Cells.Fit(word, column))).TrimEnd()).Append("\r\n");
        }

        if (words.Count > MostListed)
        {
            output.Append(CultureInfo.InvariantCulture, $"and {words.Count - MostListed} more\r\n");
        }

        _row = 0;
        Write(output);
    }

    public void Clear()
    {
        _row = 0;
        terminal.Write("\u001b[H\u001b[2J");
        terminal.Flush();
    }

    /// <summary>The rows of a line, and where in them the cursor is.</summary>
    internal static (List<string> Rows, int Row, int Column) Layout(string prompt, string text, int cursor, int columns)
    {
        var rows = new List<string>();
        var current = new StringBuilder(prompt);
        var used = Cells.Width(prompt);
        var continuation = new string(' ', Math.Max(0, used - 2)) + (used >= 2 ? "> " : "");
        var (row, column) = (0, used);
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            if (elements.ElementIndex == cursor)
            {
                (row, column) = (rows.Count, used);
            }

            var element = elements.GetTextElement();
            if (element is "\n" or "\r\n")
            {
                rows.Add(current.ToString());
                current.Clear().Append(continuation);
                used = continuation.Length;
                continue;
            }

            var shown = SafeText.Line(element);
            var cells = Cells.Width(shown);
            if (used + cells > columns - 1)
            {
                rows.Add(current.ToString());
                current.Clear();
                if (elements.ElementIndex == cursor)
                {
                    (row, column) = (rows.Count, 0);
                }

                used = 0;
            }

            current.Append(shown);
            used += cells;
        }

        if (cursor >= text.Length)
        {
            (row, column) = (rows.Count, used);
        }

        rows.Add(current.ToString());
        return (rows, row, column);
    }

    private void Rewind(StringBuilder output)
    {
        output.Append('\r');
        if (_row > 0)
        {
            output.Append(CultureInfo.InvariantCulture, $"\u001b[{_row}A");
        }

        output.Append("\u001b[J");
    }

    private void Write(StringBuilder output)
    {
        terminal.Write(output.ToString());
        terminal.Flush();
    }
}
