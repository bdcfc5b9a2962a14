namespace LLMOS.Inference;

/// <summary>How an engine lays the KV of its sequences out.</summary>
public enum KvLayout
{
    /// <summary>
    /// One cache for all: cells are shared by reference, a sequence may be as long as the whole, and hundreds are resident. Each token's attention goes over the cells of all, masked.
    /// </summary>
    Unified,

    /// <summary>
    /// A cache of its own for each sequence, all of the same size: attention goes over one's own cells, so that many at once cost each other nothing. What sequences have in common is copied,
    /// and none is longer than its cache.
    /// </summary>
    PerSequence,
}
