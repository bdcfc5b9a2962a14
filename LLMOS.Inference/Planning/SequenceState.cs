namespace LLMOS.Inference.Planning;

/// <summary>What a step planner knows of one sequence.</summary>
public readonly record struct SequenceState
{
    public required SequencePhase Phase { get; init; }

    public required Residency Residency { get; init; }

    /// <summary>False while its reader has not taken the tokens it has; such a sequence gets no tokens and keeps its KV.</summary>
    public required bool Runnable { get; init; }

    public SequenceClass Class { get; init; }

    /// <summary>0 (highest) to 19.</summary>
    public int Priority { get; init; }

    /// <summary>Its share among equals of a class; positive.</summary>
    public double Weight { get; init; }

    /// <summary>Weighted tokens served so far (prefill 1, decode 2) divided by <see cref="Weight"/>.</summary>
    public double VirtualTime { get; init; }

    /// <summary>How long ago it was served last or, if never, asked.</summary>
    public TimeSpan Waiting { get; init; }

    /// <summary>KV cells that are set aside for it, or would be: its prompt and all tokens it may generate. 0 when idle.</summary>
    public int ReservedCells { get; init; }

    /// <summary>KV cells it holds now; for a swapped sequence the cells it will hold again.</summary>
    public int HeldCells { get; init; }

    /// <summary>Tokens to compute before it can sample: 1 in <see cref="SequencePhase.Decode"/>.</summary>
    public int PendingTokens { get; init; }

    /// <summary>The step that served it last; steps only grow.</summary>
    public long LastServedStep { get; init; }

    /// <summary>Grows by request: the order in which they came.</summary>
    public long Arrival { get; init; }
}
