namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The context of a bare loop.</summary>
internal sealed record BareLoopOptions
{
    /// <summary>KV cells.</summary>
    public required int ContextCells { get; init; }

    /// <summary>Sequences at once.</summary>
    public required int Sequences { get; init; }

    /// <summary>Most tokens in a decode.</summary>
    public int StepTokens { get; init; } = 512;

    /// <summary>Whether each sequence has a KV cache of its own, or all share one, as the engine's do.</summary>
    public bool StreamPerSequence { get; init; }
}
