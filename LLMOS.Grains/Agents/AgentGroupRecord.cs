using System.Collections.Immutable;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Agents;

/// <summary>What is stored of an agent group.</summary>
[GenerateSerializer, Alias("llmos.agent-group-record")]
public sealed class AgentGroupRecord
{
    /// <summary>Null until the run is started.</summary>
    [Id(0)] public RunRequest? Request { get; set; }

    [Id(1)] public RunStatus Status { get; set; }

    /// <summary>The user's end first, then the roles in the template's order.</summary>
    [Id(2)] public ImmutableArray<RunMember> Members { get; set; } = [];

    /// <summary>Empty until it is made.</summary>
    [Id(3)] public string Region { get; set; } = "";

    [Id(4)] public string? Result { get; set; }

    [Id(5)] public string Failure { get; set; } = "";

    [Id(6)] public DateTimeOffset StartedAt { get; set; }

    [Id(7)] public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The principal that started it.</summary>
    [Id(40)] public string Principal { get; set; } = "";

    /// <summary>The priority that its roles have at most; of one that was started before there was this, any.</summary>
    [Id(41)] public ProcessPriority MostUrgent { get; set; }
}
