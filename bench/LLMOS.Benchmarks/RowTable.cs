using System.Globalization;

namespace LLMOS.Benchmarks;

/// <summary>Rows as a table for people: names to the left, figures to the right.</summary>
internal static class RowTable
{
    private static readonly string[] Heads = ["row", "value", "unit", "peer", "peer value", "ratio", "goal", "met"];
    private static readonly bool[] ToTheRight = [false, true, false, false, true, true, false, false];

    public static async Task WriteAsync(IReadOnlyList<Row> rows, TextWriter output)
    {
        var lines = new List<string[]> { Heads };
        lines.AddRange(rows.Select(Cells));
        var widths = Enumerable.Range(0, Heads.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) => ToTheRight[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            await output.WriteLineAsync(string.Join("  ", cells).TrimEnd());
        }
    }

    /// <summary>A figure with about four digits that mean something.</summary>
    public static string Figure(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,##0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    private static string[] Cells(Row row) =>
    [
        row.Name,
        Figure(row.Value),
        row.Unit,
        row.Peer,
        Figure(row.PeerValue),
        row.Ratio.ToString("0.000", CultureInfo.InvariantCulture),
        row.Goal?.ToString() ?? "",
        row.Met switch { true => "yes", false => "NO", null => "" },
    ];
}
