namespace LLMOS.Inference.Planning;

/// <summary>
/// What those get that take what the others leave, so that a reserved prompt has its first token soon: it comes in the middle of a step that has begun, so their prompts are computed in small chunks; and the step that
/// computes it is its own, without them, and the room that they leave is for no other prompt. Who is overdue is not among them, so the bound of a wait holds as it did.
/// </summary>
public static class LeftOverRule
{
    /// <summary>Smaller chunks cost more than they are worth: a step reads the whole model.</summary>
    public const int LeastTokens = 32;

    /// <summary>How long their prompts take in a step when nothing else is said.</summary>
    public static TimeSpan DefaultPrefillTime { get; } = TimeSpan.FromMilliseconds(16);

    /// <summary>How long after a REALTIME request another one is expected: where none comes, small chunks would be for nothing.</summary>
    public static TimeSpan Expectation { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How many prompt tokens of theirs go into a step.</summary>
    /// <param name="tokensPerSecond">How many are computed in a second; null before it was measured.</param>
    /// <param name="most">How long they may take.</param>
    /// <returns>At least <see cref="LeastTokens"/>; 0, for no bound of their own, when it was not measured.</returns>
    public static int PrefillTokens(double? tokensPerSecond, TimeSpan most) =>
        tokensPerSecond is { } rate ? (int)Math.Clamp(rate * most.TotalSeconds, LeastTokens, int.MaxValue) : 0;

    /// <summary>Whether a reserved prompt is to be computed.</summary>
    internal static bool Yields(StepDraft draft)
    {
        foreach (ref readonly var prefill in draft.Prefills.Items)
        {
            if (prefill.Rank.Tier == RankTier.Reserved && !draft.Leaves(prefill.Index))
                return true;
        }
        return false;
    }
}
