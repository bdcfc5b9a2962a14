namespace LLMOS.Inference.Planning;

/// <summary>How much work there is in a step's input, and what it means for how long a wait is to be.</summary>
/// <param name="Runnable">Sequences that have a request and whose readers keep up.</param>
/// <param name="Slots">Sequences that run in the context now, at least 1.</param>
/// <param name="PrefillTokens">Prompt tokens that are to be computed.</param>
/// <param name="AgingStep">Steps of waiting that raise an effective priority by one level.</param>
/// <param name="Sets">Adapter sets that runnable sequences have, at least 1; a step computes one of them.</param>
/// <param name="Options">The figures of the policy.</param>
public readonly record struct Backlog(int Runnable, int Slots, long PrefillTokens, long AgingStep, int Sets, PlannerOptions Options)
{
    /// <summary>Sums up a step's input.</summary>
    public static Backlog Of(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, PlannerOptions options)
    {
        var (runnable, slots, prefill, sets) = (0, 0, 0L, 1);
        foreach (ref readonly var sequence in sequences)
        {
            if (sequence.Phase == SequencePhase.Idle)
                continue;
            if (sequence.Phase != SequencePhase.Waiting)
                slots++;
            if (!sequence.Runnable)
                continue;
            runnable++;
            sets = Math.Max(sets, sequence.AdapterSet + 1);
            prefill += sequence.Phase == SequencePhase.Decode ? 0 : sequence.PendingTokens;
        }
        slots = Math.Max(slots, 1);
        return new Backlog(runnable, slots, prefill, AgingRule.StepOf(options, runnable, slots, prefill, sets, limits), sets, options);
    }
}
