namespace LLMOS.Inference.Planning;

/// <summary>What a step planner knows of one sequence.</summary>
public readonly record struct SequenceState
{
    public required SequencePhase Phase { get; init; }

    public required Residency Residency { get; init; }

    /// <summary>False while its reader has not taken the tokens it has; such a sequence gets no tokens and keeps its KV.</summary>
    public required bool Runnable { get; init; }

    /// <summary>
    /// The number of the adapter set of its request, among those of the step: from 0, without gaps, in no order. A step computes one set. 0 when idle.
    /// </summary>
    public int AdapterSet { get; init; }

    /// <summary>That of its request; of an idle sequence, that of its last one.</summary>
    public SequenceClass Class { get; init; }

    /// <summary>0 (highest) to 19.</summary>
    public int Priority { get; init; }

    /// <summary>Its share of service beside others: by its priority (<see cref="WeightTable"/>), and by what the request says; positive.</summary>
    public double Weight { get; init; }

    /// <summary>Weighted tokens (<see cref="WeightedTokens"/>) served so far divided by <see cref="Weight"/>, and no less than the least of its class when it came.</summary>
    public double VirtualTime { get; init; }

    /// <summary>Steps since it was served last or, if that is later, came or became runnable again.</summary>
    public long WaitedSteps { get; init; }

    /// <summary>Its <see cref="WaitedSteps"/> when it was swapped in last.</summary>
    public long WaitedBeforeSwapIn { get; init; }

    /// <summary>Tokens that it has generated since it was swapped in last.</summary>
    public int GeneratedSinceSwapIn { get; init; }

    /// <summary>Prompt tokens of its request that were computed for it and charged.</summary>
    public int PrefilledTokens { get; init; }

    /// <summary>Weighted tokens in each window that a REALTIME sequence is served before all others; 0 for none.</summary>
    public int ReservationTokens { get; init; }

    /// <summary>Weighted tokens that it was served in the present window.</summary>
    public double WindowService { get; init; }

    /// <summary>Weighted tokens that all sequences of its process tree were served.</summary>
    public double TreeService { get; init; }
    /// <summary>How long until it is expected to be used: zero when it has a request, null when nothing is known.</summary>
    public TimeSpan? NextUse { get; init; }

    /// <summary>Whether it is kept for its beginning alone and belongs to nobody.</summary>
    public bool IsRetained { get; init; }

    /// <summary>KV cells that are set aside for it, or would be: its prompt and all tokens it may generate, without those that it shares. 0 when idle.</summary>
    public int ReservedCells { get; init; }

    /// <summary>KV cells that it alone holds now, and would give back; for a swapped sequence the cells it will hold again.</summary>
    public int HeldCells { get; init; }

    /// <summary>
    /// Tokens to compute before it can sample: 1 in <see cref="SequencePhase.Decode"/>, 0 while another sequence computes a beginning that it will take over.
    /// </summary>
    public int PendingTokens { get; init; }

    /// <summary>The step that served it last; steps only grow.</summary>
    public long LastServedStep { get; init; }

    /// <summary>Grows by request: the order in which they came.</summary>
    public long Arrival { get; init; }
}
