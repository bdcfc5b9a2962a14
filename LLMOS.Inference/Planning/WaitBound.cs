namespace LLMOS.Inference.Planning;

/// <summary>
/// The longest wait that a policy with aging allows, in steps, between two tokens of a runnable sequence, or from its request to the first token that is
/// computed for it. docs/scheduling.md derives it. It holds for requests that fit beside the reservations.
/// </summary>
public sealed record WaitBound
{
    /// <summary>The longest aging step (<see cref="AgingRule.StepOf"/>) during the wait.</summary>
    public required long AgingStep { get; init; }

    /// <summary>The most runnable sequences during the wait.</summary>
    public required int Sequences { get; init; }

    /// <summary>The most that are in the context at once.</summary>
    public required int Resident { get; init; }

    /// <summary>How many are certain to fit into the context at once, beside the reserved ones; at least 1.</summary>
    public required int Together { get; init; }

    /// <summary>KV cells of the context.</summary>
    public required int Cells { get; init; }

    /// <summary>Whether there are reservations, which take up to three quarters of each step.</summary>
    public bool Reservations { get; init; }

    /// <summary>The most adapter sets that runnable sequences had during the wait.</summary>
    public int Sets { get; init; } = 1;

    /// <summary>The bound for a priority.</summary>
    public long Of(int priority, PlannerOptions options, in StepLimits limits)
    {
        ArgumentNullException.ThrowIfNull(options);
        return AgingRule.DueAfter(priority, AgingStep) + ((DividedUp(Sequences, Math.Max(1, Together)) + 1) * Residency(options, limits));
    }

    /// <summary>Steps in which a sequence that aging brought in gets its prompt computed and generates a quantum.</summary>
    public long Residency(PlannerOptions options, in StepLimits limits)
    {
        ArgumentNullException.ThrowIfNull(options);
        var prefill = AgingRule.UrgentPrefill(limits);
        var decodes = Math.Max(1, limits.StepTokens - prefill);
        if (Reservations)
            (prefill, decodes) = (ReservationRule.LeftOf(prefill), ReservationRule.LeftOf(decodes));
        var steps = ((DividedUp(Resident, decodes) + Sets - 1) * options.Quantum) + DividedUp(Cells, prefill) + Sets;
        return Sets > 1 && Reservations ? steps * AdapterSetRule.ReservedSteps : steps;
    }

    private static long DividedUp(long value, long divisor) => (value + divisor - 1) / divisor;
}
