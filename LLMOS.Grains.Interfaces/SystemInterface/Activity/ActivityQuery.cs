namespace LLMOS.SystemInterface.Activity;

/// <summary>What a sample of the system is to have.</summary>
[GenerateSerializer, Immutable, Alias("llmos.activity-query")]
public sealed record ActivityQuery
{
    /// <summary>The most processes that a sample has.</summary>
    public const int MaxProcesses = 10_000;

    /// <summary>Processes that have not ended: at most so many, the newest of them; 0 for none.</summary>
    [Id(0)] public int Processes { get; init; } = 1_000;

    /// <summary>Whether engines are asked what the KV of each process has come to. A busy engine answers between two steps.</summary>
    [Id(1)] public bool IncludeUsage { get; init; } = true;

    /// <summary>How far back slices of the scheduler are to be had; zero for none.</summary>
    [Id(2)] public TimeSpan SlicesOf { get; init; }

    /// <summary>Whether to say what the levels of memory hold.</summary>
    [Id(3)] public bool IncludeMemory { get; init; } = true;
}
