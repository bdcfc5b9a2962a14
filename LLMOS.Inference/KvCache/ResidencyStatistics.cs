namespace LLMOS.Inference;

/// <summary>What an engine did to keep KV, and what it cost.</summary>
public sealed record ResidencyStatistics
{
    /// <summary>Prompt tokens whose KV another sequence, or a retained prefix, had.</summary>
    public required long SharedPromptTokens { get; init; }

    /// <summary>Tokens that were computed again because their KV had been given up.</summary>
    public required long RecomputedTokens { get; init; }

    /// <summary>Turns and swaps in that found KV of theirs not in the context.</summary>
    public required long Faults { get; init; }

    /// <summary>Sequences forked by request.</summary>
    public required long Forks { get; init; }

    /// <summary>Running sequences that had to give their place up because the context was full.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Sequences whose saved KV was moved on from host memory to disk.</summary>
    public required long Spills { get; init; }

    /// <summary>Bytes saved.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Bytes restored.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Prefixes that are kept for sequences to come, of requests without a key.</summary>
    public required int RetainedPrefixes { get; init; }

    /// <summary>Cells' worth of saved KV in host memory.</summary>
    public required int HostCellsUsed { get; init; }

    /// <summary>Cells' worth of saved KV on disk.</summary>
    public required int DiskCellsUsed { get; init; }

    /// <summary>Bytes of saved KV in memory on their way to disk.</summary>
    public required long BytesWaiting { get; init; }

    /// <summary>How often KV that was to be kept was not, by reason; reasons that did not occur are left out.</summary>
    public required IReadOnlyDictionary<SwapFallback, long> Fallbacks { get; init; }

    /// <summary>The sentence of the newest of them that something was wrong behind; null without one.</summary>
    public required string? LastProblem { get; init; }

    /// <summary>Prompt tokens computed in a second, as measured; 0 before.</summary>
    public required double PrefillTokensPerSecond { get; init; }

    /// <summary>Bytes of KV restored in a second from host memory, as measured; 0 before.</summary>
    public required double HostBytesPerSecond { get; init; }

    /// <summary>Bytes of KV restored in a second from disk, as measured; 0 before.</summary>
    public required double DiskBytesPerSecond { get; init; }
}
