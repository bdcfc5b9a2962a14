namespace LLMOS.Inference.Planning;

/// <summary>
/// Waiting raises the effective priority, a level for every aging step; past level 0 a sequence comes before all but reserved ones, those that
/// are overdue the longest first. So every wait ends; docs/scheduling.md has the proof.
/// </summary>
public static class AgingRule
{
    /// <summary>The effective priority of a sequence that is overdue.</summary>
    public const int Overdue = -1;

    /// <summary>
    /// Steps to a level: as many as the options say, or as many as it takes to give everyone who is runnable a quantum and to compute all prompts,
    /// if that is more; a step computes one of the adapter sets. Otherwise everyone would be overdue under load, and the weights would mean nothing.
    /// </summary>
    public static long StepOf(PlannerOptions options, int runnable, int slots, long prefillTokens, int sets, in StepLimits limits)
    {
        ArgumentNullException.ThrowIfNull(options);
        var round = DividedUp((long)runnable * options.Quantum, Math.Max(1, slots)) + DividedUp(prefillTokens, UrgentPrefill(limits));
        return Math.Max(options.AgingSteps, round * sets);
    }

    /// <summary>The priority that a wait raises another to; <see cref="Overdue"/> past the best.</summary>
    public static int EffectivePriority(int priority, long waited, long agingStep) =>
        waited < agingStep ? priority : (int)Math.Max(Overdue, priority - (waited / agingStep));

    /// <summary>Steps of waiting after which a sequence is overdue.</summary>
    public static long DueAfter(int priority, long agingStep) => (priority + 1L) * agingStep;

    /// <summary>
    /// The wait that counts: since it was served or, until it is through the quantum that it was brought in for, the wait before that. What age
    /// won it, it keeps for a quantum; else it would be taken back after a token, and each swap would buy one.
    /// </summary>
    public static long CountedWait(in SequenceState sequence, PlannerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return sequence.Phase != SequencePhase.Waiting && sequence.GeneratedSinceSwapIn < options.Quantum
            ? Math.Max(sequence.WaitedSteps, sequence.WaitedBeforeSwapIn)
            : sequence.WaitedSteps;
    }

    /// <summary>Prefill tokens that overdue sequences get of a step at least while one of them has a prompt to be computed.</summary>
    public static int UrgentPrefill(in StepLimits limits) => Math.Max(1, Math.Min(limits.PrefillTokensBesideDecode, ReservationRule.LeftOf(limits.StepTokens)));

    private static long DividedUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
