namespace LLMOS.Agents;

/// <summary>What starts a run of a workflow.</summary>
[GenerateSerializer, Immutable, Alias("llmos.run-request")]
public sealed record RunRequest
{
    [Id(0)] public required WorkflowTemplate Template { get; init; }

    /// <summary>What the user asked for.</summary>
    [Id(1)] public required string Request { get; init; }

    /// <summary>The model for roles that name none; empty for the silo's default.</summary>
    [Id(2)] public string Model { get; init; } = "";

    /// <summary>The seed of all its processes; 0 for a random one.</summary>
    [Id(3)] public ulong Seed { get; init; }
}
