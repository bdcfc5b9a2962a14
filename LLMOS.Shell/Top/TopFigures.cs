namespace LLMOS.Shell.Top;

/// <summary>The figures over all, with the names and units of the dashboard.</summary>
/// <param name="DecodeRate">Tokens generated a second, over about the last second.</param>
/// <param name="PrefillRate">Prompt tokens computed a second.</param>
/// <param name="Batch">Sequences in a step, in the mean; 0 while nothing runs.</param>
/// <param name="BatchMax">Most sequences that a step can have.</param>
/// <param name="CellsUsed">KV cells in use.</param>
/// <param name="CellsTotal">KV cells there are.</param>
/// <param name="Switches">Context switches of the devices a second.</param>
/// <param name="Hits">The levels of memory that were asked for something.</param>
/// <param name="SampleMs">What the sample took, in milliseconds.</param>
internal sealed record TopFigures(
    double DecodeRate, double PrefillRate, double Batch, int BatchMax, int CellsUsed, int CellsTotal, double Switches, IReadOnlyList<TopHits> Hits, double SampleMs);
