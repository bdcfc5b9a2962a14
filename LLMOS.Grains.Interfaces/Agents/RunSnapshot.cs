using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>A run of a workflow, described.</summary>
[GenerateSerializer, Immutable, Alias("llmos.run-snapshot")]
public sealed record RunSnapshot
{
    [Id(0)] public required string RunId { get; init; }

    [Id(1)] public required string Workflow { get; init; }

    [Id(2)] public required string Request { get; init; }

    [Id(3)] public RunStatus Status { get; init; }

    /// <summary>The path of the shared context region.</summary>
    [Id(4)] public required string Region { get; init; }

    /// <summary>Its processes; the user's end first, then the roles in the template's order.</summary>
    [Id(5)] public ImmutableArray<RunMember> Members { get; init; } = [];

    /// <summary>What the last role gave the user; null until then.</summary>
    [Id(6)] public string? Result { get; init; }

    /// <summary>Why it failed, in a sentence; empty otherwise.</summary>
    [Id(7)] public string Failure { get; init; } = "";

    [Id(8)] public DateTimeOffset StartedAt { get; init; }

    [Id(9)] public DateTimeOffset? EndedAt { get; init; }

    public bool HasEnded => Status is RunStatus.Completed or RunStatus.Failed or RunStatus.Cancelled;
}
