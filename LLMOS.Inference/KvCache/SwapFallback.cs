namespace LLMOS.Inference;

/// <summary>Why KV was computed again that could have been kept.</summary>
public enum SwapFallback
{
    /// <summary>There was no room for it in host memory or on disk.</summary>
    NoRoom,

    /// <summary>The spill file could not be written: the disk is full, or the folder is not writable.</summary>
    DiskWriteFailed,

    /// <summary>The spill file is gone or could not be read.</summary>
    DiskReadFailed,

    /// <summary>What was read is not what was written.</summary>
    Damaged,

    /// <summary>It was saved by another model, another cache type or another llama.cpp release.</summary>
    Foreign,

    /// <summary>The beginning that it shared with other sequences is not in the cache any more.</summary>
    PrefixGone,

    /// <summary>Computing it was quicker by what was measured.</summary>
    Cheaper,

    /// <summary>llama.cpp did not give it, or did not take it back.</summary>
    Refused,

    /// <summary>A sequence's logits were not numbers, so all KV was suspected and dropped.</summary>
    NotANumber,

    /// <summary>The engine was restarted, and what was in the context was lost.</summary>
    Restarted,
}
