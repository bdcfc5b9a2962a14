using System.Diagnostics;
using LLMOS.Inference.KvCache;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>What is remembered of a key beyond its KV: it outlives eviction and ends with the key's release. Belongs to the owner thread.</summary>
internal sealed class SequenceHistory
{
    private readonly NextUseEstimate _nextUse = new();

    public SequenceClass Class { get; private set; } = SequenceClass.Normal;

    public int Priority { get; private set; } = 10;

    /// <summary>Tokens whose KV was dropped and has not been asked for since.</summary>
    public int Evicted { get; set; }

    public long HitTokens { get; set; }

    public long SharedHitTokens { get; set; }

    public long ComputedTokens { get; set; }

    public long Faults { get; set; }

    public long SwapsOut { get; set; }

    public long SwapsIn { get; set; }

    public long SwappedBytes { get; set; }

    public long Evictions { get; set; }

    public long Preemptions { get; set; }

    /// <summary>Tokens that were generated.</summary>
    public long GeneratedTokens { get; set; }

    /// <summary>The time of the steps that computed tokens of its prompts.</summary>
    public TimeSpan PrefillTime { get; set; }

    /// <summary>The time of the steps that computed tokens of its answers.</summary>
    public TimeSpan DecodeTime { get; set; }

    /// <summary>How long its newest request that has begun to answer waited for its reservation.</summary>
    public TimeSpan QueueTime { get; private set; }

    /// <summary>How long that request waited for its first token.</summary>
    public TimeSpan TimeToFirstToken { get; private set; }

    public TimeSpan? NextUse => _nextUse.Left(Now);

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public void Begin(Generation generation)
    {
        Rank(generation);
        _nextUse.Begin(Now);
    }

    /// <summary>Takes over the priority of its request.</summary>
    public void Rank(Generation generation) => (Class, Priority) = (generation.Class, generation.Priority);

    /// <summary>A request has its first token.</summary>
    public void Answer(Generation generation) =>
        (QueueTime, TimeToFirstToken) = (Stopwatch.GetElapsedTime(generation.Submitted, generation.Admitted), Stopwatch.GetElapsedTime(generation.Submitted, generation.FirstToken));

    public void End() => _nextUse.End(Now);
}
