namespace LLMOS.Kernel.Memory.Paging;

/// <summary>Which of the older pages of a context stay in its window when not all fit. The newest pages stay under each of them, and so do pinned ones as far as there is room.</summary>
[GenerateSerializer, Alias("llmos.paging-policy")]
public enum PagingPolicy
{
    /// <summary>Those that are near to what was asked, were used of late, and often: similarity × recency × use.</summary>
    Attention,

    /// <summary>Those that were used last: written, or near to what was asked.</summary>
    Lru,

    /// <summary>The newest beside the pinned ones; nothing is brought back because it is near to what is asked.</summary>
    PinnedFirst,
}
