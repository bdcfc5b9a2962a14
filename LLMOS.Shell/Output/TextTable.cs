using System.Globalization;
using Spectre.Console;

namespace LLMOS.Shell.Output;

/// <summary>A listing in columns: drawn in a terminal, aligned by spaces and whole in a pipe.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly List<(string Name, bool Right)> _columns = [];
    private readonly List<string[]> _rows = [];

    public TextTable Column(string name, bool right = false)
    {
        _columns.Add((name, right));
        return this;
    }

    public void Row(params string[] cells)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(cells.Length, _columns.Count);
        _rows.Add([.. cells.Select(SafeText.Line)]);
    }

    public void WriteTo(ShellConsole console)
    {
        if (console.OutAnsi is { } terminal)
        {
            WriteTo(terminal);
        }
        else
        {
            WriteTo(console.Out);
        }
    }

    public void WriteTo(TextWriter writer)
    {
        var widths = _columns.Select((column, i) => _rows.Select(row => Width(row[i])).Append(column.Name.Length).Max()).ToArray();
        WriteRow(writer, [.. _columns.Select(column => column.Name)], widths);
        foreach (var row in _rows)
        {
            WriteRow(writer, row, widths);
        }
    }

    private void WriteTo(IAnsiConsole terminal)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var (name, right) in _columns)
        {
            var column = new TableColumn(new Text(name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(right ? column.RightAligned() : column);
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        terminal.Write(table);
    }

    private void WriteRow(TextWriter writer, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, i) =>
        {
            var padding = new string(' ', widths[i] - Width(cell));
            return _columns[i].Right ? padding + cell : cell + padding;
        });
        writer.WriteLine(string.Join(Gap, padded).TrimEnd());
    }

    private static int Width(string text) => new StringInfo(text).LengthInTextElements;
}
