namespace LLMOS.Inference.Planning;

/// <summary>Where the KV of a sequence is.</summary>
public enum Residency
{
    /// <summary>Nowhere: only its tokens are known, and running it means prefilling them.</summary>
    Cold,

    /// <summary>In host memory, saved from the context.</summary>
    Swapped,

    /// <summary>In the context, under a native sequence id.</summary>
    Resident,
}
