namespace LLMOS.Kernel.Processes;

/// <summary>Which processes a listing shows. What is null does not limit it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.process-filter")]
public sealed record ProcessFilter
{
    /// <summary>Only those that have not ended.</summary>
    [Id(0)] public bool LiveOnly { get; init; }

    /// <summary>Only those of this agent group (run).</summary>
    [Id(1)] public string? Group { get; init; }

    /// <summary>At most so many, the newest of them.</summary>
    [Id(2)] public int Limit { get; init; } = 1_000;

    /// <summary>Only those with a lower PID.</summary>
    [Id(3)] public long Before { get; init; } = long.MaxValue;
}
