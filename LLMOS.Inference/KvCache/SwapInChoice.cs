namespace LLMOS.Inference;

/// <summary>How a sequence whose KV was saved gets it back.</summary>
public enum SwapInChoice
{
    /// <summary>Whichever is quicker by what was measured so far.</summary>
    Measured,

    /// <summary>From what was saved, whenever there is something.</summary>
    Restore,

    /// <summary>By computing it again; nothing is saved.</summary>
    Prefill,
}
