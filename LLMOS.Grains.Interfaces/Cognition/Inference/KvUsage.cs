namespace LLMOS.Cognition.Inference;

/// <summary>What the KV of a process has come to on one replica, over all its turns there.</summary>
[GenerateSerializer, Immutable, Alias("llmos.kv-usage")]
public sealed record KvUsage
{
    [Id(0)] public required long Pid { get; init; }

    /// <summary>Where its KV is now.</summary>
    [Id(1)] public KvResidency Residency { get; init; }

    /// <summary>Cells, one for each token, that the context holds of it or that are saved.</summary>
    [Id(2)] public int Cells { get; init; }

    /// <summary>Those of them that other processes use, too.</summary>
    [Id(3)] public int SharedCells { get; init; }

    /// <summary>Prompt tokens that needed no computing.</summary>
    [Id(4)] public long CachedTokens { get; init; }

    /// <summary>Those of them that came from other processes.</summary>
    [Id(5)] public long SharedTokens { get; init; }

    /// <summary>Prompt tokens that were computed, those computed again included.</summary>
    [Id(6)] public long ComputedTokens { get; init; }

    [Id(7)] public long SwapsOut { get; init; }

    [Id(8)] public long SwapsIn { get; init; }

    /// <summary>Times that its KV was dropped, so that it has to be computed again.</summary>
    [Id(9)] public long Evictions { get; init; }

    /// <summary>Times that it had to give its place up in the middle of a turn.</summary>
    [Id(10)] public long Preemptions { get; init; }

    /// <summary>Times that it found KV of its own not in the context.</summary>
    [Id(11)] public long Faults { get; init; }

    /// <summary>Tokens generated.</summary>
    [Id(12)] public long GeneratedTokens { get; init; }

    /// <summary>The time of the engine's steps that computed tokens of its prompts; others may have had a part in them.</summary>
    [Id(13)] public TimeSpan PrefillTime { get; init; }

    /// <summary>The time of the engine's steps that computed tokens of its answers.</summary>
    [Id(14)] public TimeSpan DecodeTime { get; init; }

    /// <summary>How long its newest request that has begun to answer waited for its reservation in the context.</summary>
    [Id(15)] public TimeSpan QueueTime { get; init; }

    /// <summary>How long that request waited for its first token.</summary>
    [Id(16)] public TimeSpan TimeToFirstToken { get; init; }
}
