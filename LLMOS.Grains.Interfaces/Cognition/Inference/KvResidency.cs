namespace LLMOS.Cognition.Inference;

/// <summary>Where the KV of a process is.</summary>
[GenerateSerializer, Alias("llmos.kv-residency")]
public enum KvResidency
{
    /// <summary>Nowhere: its next turn computes its prompt.</summary>
    Cold,

    /// <summary>In host memory or on disk, saved from the engine's context.</summary>
    Swapped,

    /// <summary>In the engine's context.</summary>
    Resident,
}
