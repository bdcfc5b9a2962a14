namespace LLMOS.Kernel.Scheduling;

/// <summary>A process that waits for another: an edge of the wait-for graph.</summary>
[GenerateSerializer, Immutable, Alias("llmos.wait-step")]
public sealed record WaitStep
{
    /// <summary>Names this wait; another wait for the same has another id.</summary>
    [Id(0)] public required Guid WaitId { get; init; }

    [Id(1)] public required WaitKind Kind { get; init; }

    /// <summary>Who waits.</summary>
    [Id(2)] public required long Pid { get; init; }

    [Id(3)] public string Name { get; init; } = "";

    /// <summary>Its own priority.</summary>
    [Id(4)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>The priority that it lends while it waits.</summary>
    [Id(5)] public ProcessPriority Lends { get; init; } = ProcessPriority.Default;

    [Id(6)] public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who is waited for.</summary>
    [Id(7)] public required long On { get; init; }

    /// <summary>The message that the wait is about: its id or its correlation id; empty for none.</summary>
    [Id(8)] public string About { get; init; } = "";
}
