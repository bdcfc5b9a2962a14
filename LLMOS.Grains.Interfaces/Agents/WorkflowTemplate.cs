using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>A workflow as data: who takes part, what they share, and who talks to whom.</summary>
[GenerateSerializer, Immutable, Alias("llmos.workflow")]
public sealed record WorkflowTemplate
{
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public string Description { get; init; } = "";

    /// <summary>The path of the shared context region; <c>{slug}</c> stands for what the request is about.</summary>
    [Id(2)] public required string Region { get; init; }

    [Id(3)] public required ImmutableArray<WorkflowRole> Roles { get; init; }

    /// <summary>Tried in order: the first one from a role that is open is taken.</summary>
    [Id(4)] public required ImmutableArray<WorkflowRoute> Routes { get; init; }
}
