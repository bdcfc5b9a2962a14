using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Agents;

/// <summary>A part that one process plays in a workflow.</summary>
[GenerateSerializer, Immutable, Alias("llmos.workflow-role")]
public sealed record WorkflowRole
{
    [Id(0)] public required string Name { get; init; }

    /// <summary>The system prompt.</summary>
    [Id(1)] public required string Prompt { get; init; }

    [Id(2)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>Tokens in a time slice.</summary>
    [Id(3)] public long Budget { get; init; } = 10_000;

    [Id(4)] public ProcessKind Kind { get; init; } = ProcessKind.Specialist;

    [Id(5)] public int MaxTokensPerTurn { get; init; } = 512;

    [Id(6)] public float Temperature { get; init; } = 0.7f;

    /// <summary>The model; empty for the run's.</summary>
    [Id(7)] public string Model { get; init; } = "";

    /// <summary>What of a turn under way survives a crash.</summary>
    [Id(20)] public ProcessDurability Durability { get; init; }
}
