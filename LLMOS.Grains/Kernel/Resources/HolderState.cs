namespace LLMOS.Kernel.Resources;

/// <summary>What an account knows of one of those who spend from it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.holder-state")]
public sealed record HolderState
{
    /// <summary>The newest reading of its meter.</summary>
    [Id(0)] public HolderReading Reading { get; init; }

    /// <summary>Tokens of each slice that are set aside for it.</summary>
    [Id(1)] public long Reserved { get; init; }

    /// <summary>The slice that <see cref="SliceSpent"/> counts in.</summary>
    [Id(2)] public DateTimeOffset SliceStartedAt { get; init; }

    /// <summary>Tokens it spent in that slice.</summary>
    [Id(3)] public long SliceSpent { get; init; }
}
