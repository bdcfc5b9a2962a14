using LLMOS.Inference.Planning;

namespace LLMOS.Inference;

/// <summary>What the KV of one key (a process) has come to, over all its turns.</summary>
public sealed record SequenceStatistics
{
    /// <summary>Where its KV is now.</summary>
    public required Residency Residency { get; init; }

    /// <summary>Tokens whose KV is in the context or saved.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Those of them that other sequences use, too.</summary>
    public required int SharedTokens { get; init; }

    /// <summary>Prompt tokens that needed no computing.</summary>
    public required long HitTokens { get; init; }

    /// <summary>Those of them that came from other sequences or retained prefixes.</summary>
    public required long SharedHitTokens { get; init; }

    /// <summary>Prompt tokens computed, those computed again included.</summary>
    public required long ComputedTokens { get; init; }

    /// <summary>Times that it found KV of its own not in the context.</summary>
    public required long Faults { get; init; }

    public required long SwapsOut { get; init; }

    public required long SwapsIn { get; init; }

    /// <summary>Bytes saved and restored.</summary>
    public required long SwappedBytes { get; init; }

    /// <summary>Times that its KV was dropped, so that it has to be computed again.</summary>
    public required long Evictions { get; init; }

    /// <summary>Times that it had to give its place up in the middle of a turn.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Tokens generated.</summary>
    public long GeneratedTokens { get; init; }

    /// <summary>The time of the steps that computed tokens of its prompts.</summary>
    public TimeSpan PrefillTime { get; init; }

    /// <summary>The time of the steps that computed tokens of its answers.</summary>
    public TimeSpan DecodeTime { get; init; }

    /// <summary>How long its newest request that has begun to answer waited for its reservation.</summary>
    public TimeSpan QueueTime { get; init; }

    /// <summary>How long that request waited for its first token.</summary>
    public TimeSpan TimeToFirstToken { get; init; }
}
