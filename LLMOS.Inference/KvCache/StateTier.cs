namespace LLMOS.Inference.KvCache;

/// <summary>Where saved KV lies.</summary>
internal enum StateTier
{
    Host,
    Disk,

    /// <summary>Nowhere any more.</summary>
    None,
}
