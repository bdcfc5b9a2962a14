using System.Globalization;

namespace LLMOS.Simulator.Reports;

/// <summary>Figures as tables for people.</summary>
internal static class ReportTable
{
    private static readonly string[] Heads =
        ["policy", "class", "requests", "wait mean", "p99", "max s", "TTFT mean", "p50", "p99 s", "TPOT mean", "p99 ms", "Jain"];

    private static readonly string[] TotalHeads =
        ["policy", "makespan s", "tokens/s", "steps", "decoded", "prefilled", "cached", "preemptions", "swaps"];

    public static void Write(IEnumerable<ClassFigures> figures, IEnumerable<PolicyTotals> totals, TextWriter output)
    {
        Write(Heads, figures.Select(Cells), textColumns: 2, output);
        output.WriteLine();
        Write(TotalHeads, totals.Select(Cells), textColumns: 1, output);
    }

    private static string[] Cells(ClassFigures row) =>
    [
        row.Policy,
        row.Class,
        Count(row.Requests),
        Seconds(row.Waiting.Mean),
        Seconds(row.Waiting.P99),
        Seconds(row.Waiting.Max),
        Seconds(row.TimeToFirstToken.Mean),
        Seconds(row.TimeToFirstToken.P50),
        Seconds(row.TimeToFirstToken.P99),
        Seconds(row.TimePerOutputToken.Mean * 1000),
        Seconds(row.TimePerOutputToken.P99 * 1000),
        row.Fairness.ToString("0.000", CultureInfo.InvariantCulture),
    ];

    private static string[] Cells(PolicyTotals row) =>
    [
        row.Policy,
        Seconds(row.Makespan),
        Count((long)row.TokensPerSecond),
        Count(row.Steps),
        Count(row.DecodedTokens),
        Count(row.PrefilledTokens),
        Count(row.CachedTokens),
        Count(row.Preemptions),
        Count(row.Swaps),
    ];

    private static void Write(string[] heads, IEnumerable<string[]> rows, int textColumns, TextWriter output)
    {
        var lines = new List<string[]> { heads };
        lines.AddRange(rows);
        var widths = heads.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        lines.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (var line in lines)
        {
            var cells = line.Select((cell, column) => column < textColumns ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }

    private static string Count(long value) => value.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Seconds(double value) => value.ToString(value < 100 ? "0.000" : "#,##0.0", CultureInfo.InvariantCulture);
}
