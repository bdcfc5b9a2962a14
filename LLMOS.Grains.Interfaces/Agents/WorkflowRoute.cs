namespace LLMOS.Agents;

/// <summary>A way that a message may take after a role's turn.</summary>
[GenerateSerializer, Immutable, Alias("llmos.workflow-route")]
public sealed record WorkflowRoute
{
    /// <summary>The end of a workflow that is a person.</summary>
    public const string User = "user";

    [Id(0)] public required string From { get; init; }

    [Id(1)] public required string To { get; init; }

    /// <summary>How often it may be taken in one run; null for always.</summary>
    [Id(2)] public int? Times { get; init; }

    /// <summary>Closed once the role it leads to has said this; empty for never.</summary>
    [Id(3)] public string Until { get; init; } = "";
}
