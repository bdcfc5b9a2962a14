using System.Globalization;

namespace ModelForge.Evaluation;

/// <summary>Writes what evaluations found: a row a figure, and below them what was missed.</summary>
internal static class EvaluationReport
{
    /// <summary>Writes the table.</summary>
    /// <param name="rows">The figures.</param>
    /// <param name="allMisses">Whether the cases that went wrong are listed for every figure; for the sentences written by hand they always are.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Whether all goals hold.</returns>
    public static bool Write(IReadOnlyList<EvaluationRow> rows, bool allMisses, TextWriter output)
    {
        var names = Math.Max(6, rows.Max(row => row.Name.Length));
        var suites = Math.Max(5, rows.Max(row => row.Suite.Length));
        output.WriteLine($"{"suite".PadRight(suites)}  {"figure".PadRight(names)}  {"goal",16}  {"value",16}  {"cases",6}");
        foreach (var row in rows)
        {
            var goal = $"{(row.AtLeast ? "≥" : "≤")} {Figure(row.Goal, row.Unit)}";
            output.WriteLine($"{row.Suite.PadRight(suites)}  {row.Name.PadRight(names)}  {goal,16}  {Figure(row.Value, row.Unit),16}  {row.Cases,6}  {(row.Met ? "met" : "missed")}");
        }

        foreach (var row in rows.Where(row => row.Misses.Count > 0 && (allMisses || row.IsByHand)))
        {
            output.WriteLine();
            output.WriteLine($"{row.Suite}, {row.Name}: {row.Misses.Count} wrong");
            foreach (var miss in row.Misses)
                output.WriteLine($"  {miss}");
        }

        return rows.All(row => row.Met);
    }

    private static string Figure(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}");
}
