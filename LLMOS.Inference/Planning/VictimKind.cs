namespace LLMOS.Inference.Planning;

/// <summary>How little a sequence needs its place in the context, the least first.</summary>
internal enum VictimKind
{
    /// <summary>It has no request; its KV is kept for the next one.</summary>
    Unused,

    /// <summary>Its reader has not taken what it has.</summary>
    Paused,

    /// <summary>It has KV of an earlier turn and waits for its reservation.</summary>
    Waiting,

    Running,
}
