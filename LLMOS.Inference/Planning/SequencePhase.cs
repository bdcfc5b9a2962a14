namespace LLMOS.Inference.Planning;

/// <summary>What a sequence wants of the next step.</summary>
public enum SequencePhase
{
    /// <summary>Nothing: its turn is over, its KV is kept for the next one.</summary>
    Idle,

    /// <summary>To be swapped in: it has a request and no reservation yet.</summary>
    Waiting,

    /// <summary>To have prompt tokens computed.</summary>
    Prefill,

    /// <summary>To have its last sampled token decoded.</summary>
    Decode,
}
