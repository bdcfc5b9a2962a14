namespace LLMOS.Silo.Http.Live;

/// <summary>The figures over all.</summary>
/// <param name="DecodeRate">Tokens generated a second, over about the last second.</param>
/// <param name="PrefillRate">Prompt tokens computed a second.</param>
/// <param name="Batch">Sequences in a step, in the mean of about the last second; 0 while nothing runs.</param>
/// <param name="BatchMax">Most sequences that a step can have.</param>
/// <param name="CellsUsed">KV cells in use.</param>
/// <param name="CellsTotal">KV cells there are.</param>
/// <param name="Switches">Context switches of the devices a second.</param>
/// <param name="Processes">Processes that have not ended, of those that are shown.</param>
/// <param name="Viewers">Who looks on from this silo.</param>
/// <param name="SampleMs">What the sample took, in milliseconds.</param>
internal sealed record BoardHeader(
    double DecodeRate, double PrefillRate, double Batch, int BatchMax, int CellsUsed, int CellsTotal, double Switches, int Processes, int Viewers, double SampleMs);
