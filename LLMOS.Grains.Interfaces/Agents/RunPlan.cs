using System.Collections.Immutable;

namespace LLMOS.Agents;

/// <summary>What the processes of a run need to know.</summary>
/// <param name="Template">The workflow.</param>
/// <param name="Region">The path of the shared context region.</param>
/// <param name="Members">Who plays which role.</param>
[GenerateSerializer, Immutable, Alias("llmos.run-plan")]
public sealed record RunPlan(
    [property: Id(0)] WorkflowTemplate Template,
    [property: Id(1)] string Region,
    [property: Id(2)] ImmutableArray<RunMember> Members);
