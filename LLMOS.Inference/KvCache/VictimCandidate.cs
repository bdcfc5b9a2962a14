using LLMOS.Inference.Planning;

namespace LLMOS.Inference.KvCache;

/// <summary>What decides whether a sequence loses its place before another.</summary>
public readonly record struct VictimCandidate
{
    /// <summary>Whether it is a retained prefix, which no process asks for by name.</summary>
    public bool IsRetained { get; init; }

    public SequenceClass Class { get; init; }

    /// <summary>0 (highest) to 19.</summary>
    public int Priority { get; init; }

    /// <summary>How long until it is expected to be used: zero for one that runs or waits, null when nothing is known of it.</summary>
    public TimeSpan? NextUse { get; init; }

    /// <summary>The step that served it last.</summary>
    public long LastServedStep { get; init; }

    /// <summary>What a planner knows of a sequence, as a candidate.</summary>
    public static VictimCandidate Of(in SequenceState state) => new()
    {
        IsRetained = state.IsRetained,
        Class = state.Class,
        Priority = state.Priority,
        NextUse = state.NextUse,
        LastServedStep = state.LastServedStep,
    };
}
