namespace LLMOS.Inference.Planning;

/// <summary>The scheduling class of a sequence, best first.</summary>
public enum SequenceClass
{
    /// <summary>Runs before all others inside its reservation.</summary>
    Realtime,
    High,
    Normal,
    Low,

    /// <summary>Takes what the others leave.</summary>
    Idle,
}
