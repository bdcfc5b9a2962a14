namespace LLMOS.Simulator.Reports;

/// <summary>The figures of all policies that a trace was run under.</summary>
/// <param name="Classes">A row for each policy and class.</param>
/// <param name="Totals">A row for each policy.</param>
internal sealed record SimulationFigures(IReadOnlyList<ClassFigures> Classes, IReadOnlyList<PolicyTotals> Totals)
{
    /// <summary>As tables for people.</summary>
    public void WriteTo(TextWriter output) => ReportTable.Write(Classes, Totals, output);

    /// <summary>As JSON: an object with the lists classes and totals. Times are in seconds.</summary>
    public string ToJson() => ReportJson.Of(this);
}
