namespace LLMOS.Inference.Planning;

/// <summary>
/// When a running sequence gives its place to an equal one that waits: after it generated a quantum of tokens. Prompts do not count, so that the
/// work of a prefill is never thrown away half done for an equal.
/// </summary>
public static class QuantumRule
{
    /// <param name="sequence">The running sequence.</param>
    /// <param name="keepsKv">Whether its KV would be saved. When it would be dropped, it goes on until its tokens have cost as much as computing its KV again does.</param>
    /// <param name="quantum">Tokens.</param>
    public static bool IsUsedUp(in SequenceState sequence, bool keepsKv, int quantum) =>
        sequence.GeneratedSinceSwapIn >= quantum
        && (keepsKv || (long)sequence.GeneratedSinceSwapIn * WeightedTokens.Decode >= (long)sequence.HeldCells * WeightedTokens.Prefill);
}
