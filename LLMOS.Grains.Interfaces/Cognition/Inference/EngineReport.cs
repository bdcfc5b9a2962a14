using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>An engine of llama.cpp as it is now: what it holds, what it has done since it was loaded, and who held its device lately.</summary>
[GenerateSerializer, Immutable, Alias("llmos.engine-report")]
public sealed record EngineReport
{
    /// <summary>The silo that runs it.</summary>
    [Id(0)] public required string Silo { get; init; }

    [Id(1)] public required string Model { get; init; }

    /// <summary>The device slot.</summary>
    [Id(2)] public required string Device { get; init; }

    /// <summary>Names it as long as the silo runs.</summary>
    [Id(3)] public required int Number { get; init; }

    /// <summary>Decodes of the native context.</summary>
    [Id(4)] public long Steps { get; init; }

    /// <summary>Tokens generated.</summary>
    [Id(5)] public long DecodedTokens { get; init; }

    /// <summary>Prompt tokens that were computed.</summary>
    [Id(6)] public long PrefilledTokens { get; init; }

    /// <summary>Prompt tokens that needed no computing.</summary>
    [Id(7)] public long CachedTokens { get; init; }

    /// <summary>Those of them that came from other sequences.</summary>
    [Id(8)] public long SharedTokens { get; init; }

    /// <summary>Sequences in the batch.</summary>
    [Id(9)] public int Active { get; init; }

    /// <summary>Requests that wait for room.</summary>
    [Id(10)] public int Waiting { get; init; }

    /// <summary>Sequences of which the context holds KV.</summary>
    [Id(11)] public int Resident { get; init; }

    /// <summary>Sequences that steps computed tokens of, summed over the steps: over those it is the mean batch.</summary>
    [Id(12)] public long ServedSequences { get; init; }

    /// <summary>Most sequences that a step can have.</summary>
    [Id(13)] public int MaxSequences { get; init; }

    /// <summary>Times that a step computed tokens of a sequence that the step before did not.</summary>
    [Id(14)] public long ContextSwitches { get; init; }

    [Id(15)] public int CellsUsed { get; init; }

    /// <summary>KV cells that running sequences hold or may still fill.</summary>
    [Id(16)] public int CellsReserved { get; init; }

    [Id(17)] public int CellsTotal { get; init; }

    /// <summary>Cells' worth of KV saved in host memory.</summary>
    [Id(18)] public int HostCells { get; init; }

    /// <summary>Cells' worth of KV saved on disk.</summary>
    [Id(19)] public int DiskCells { get; init; }

    [Id(20)] public long SwapsOut { get; init; }

    [Id(21)] public long SwapsIn { get; init; }

    [Id(22)] public long Evictions { get; init; }

    [Id(23)] public long Preemptions { get; init; }

    [Id(24)] public long Faults { get; init; }

    [Id(25)] public long Restarts { get; init; }

    /// <summary>Generated tokens a second over about the last second of work.</summary>
    [Id(26)] public double TokensPerSecond { get; init; }

    /// <summary>What the KV of its processes has come to; empty where that was not asked for, or the engine was too busy to say.</summary>
    [Id(27)] public ImmutableArray<KvUsage> Processes { get; init; } = [];

    /// <summary>Who held the device in the time that was asked for, oldest first.</summary>
    [Id(28)] public ImmutableArray<SchedulerSlice> Slices { get; init; } = [];
}
