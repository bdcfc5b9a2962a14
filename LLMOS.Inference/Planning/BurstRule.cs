using System.Runtime.InteropServices;

namespace LLMOS.Inference.Planning;

/// <summary>
/// When prompts may fill a step though streams decode: while no stream is older than a few tokens and a prompt that has waited since before they began is left. Those that came together then begin together, in as
/// few steps as their prompts take; a stream that was there before is held up by no more than it ever is.
/// </summary>
public static class BurstRule
{
    /// <summary>A stream with more tokens than that is protected from every prompt.</summary>
    public const int NewStreamTokens = 8;

    /// <param name="sequences">The step's input.</param>
    /// <param name="decodes">Those of which a token is decoded.</param>
    /// <param name="prefills">Those whose prompts are to be computed.</param>
    internal static bool MayFill(ReadOnlySpan<SequenceState> sequences, List<int> decodes, ReadOnlySpan<RankedSequence> prefills)
    {
        var oldest = 0;
        foreach (var index in CollectionsMarshal.AsSpan(decodes))
        {
            oldest = Math.Max(oldest, sequences[index].GeneratedSinceSwapIn);
            if (oldest > NewStreamTokens)
                return false;
        }
        foreach (ref readonly var prefill in prefills)
        {
            if (sequences[prefill.Index].WaitedSteps >= oldest)
                return true;
        }
        return false;
    }
}
