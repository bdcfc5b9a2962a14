namespace LLMOS.Inference.Planning;

/// <summary>What one step may use.</summary>
/// <param name="StepTokens">Most tokens in the step, decode and prefill together.</param>
/// <param name="PrefillTokensBesideDecode">Most prefill tokens in a step that also decodes: it bounds how long a prompt holds up the streams. See <see cref="BurstRule"/> for streams that have just begun.</param>
/// <param name="FreeCells">KV cells that are neither reserved by a running sequence nor held by another.</param>
/// <param name="FreeSequences">Native sequence ids that no sequence has.</param>
/// <param name="FreeHostCells">Cells' worth of KV that may be saved in host memory and on disk: all there is, since what is worth less makes room; 0 when there is none.</param>
public readonly record struct StepLimits(
    int StepTokens,
    int PrefillTokensBesideDecode,
    int FreeCells,
    int FreeSequences,
    int FreeHostCells)
{
    /// <summary>Most prefill tokens of sequences that have what the others leave, see <see cref="LeftOverRule"/>; 0 for no bound of their own.</summary>
    public int LeftOverPrefillTokens { get; init; }

    /// <summary>The adapter set that the context has now, numbered as in <see cref="SequenceState.AdapterSet"/>; -1 for one that no sequence has.</summary>
    public int AppliedSet { get; init; } = -1;

    /// <summary>Steps that were computed with it in a row.</summary>
    public int AppliedSteps { get; init; }

    /// <summary>The number of the step; steps only grow.</summary>
    public long Step { get; init; }
}
