using System.Collections.Immutable;

namespace LLMOS.Kernel.Scheduling;

/// <summary>What a scheduler does with the replicas of its model.</summary>
/// <param name="Replicas">Those that are open, by number.</param>
/// <param name="Moved">Requests that waited on one replica and were moved to another, since the scheduler began.</param>
/// <param name="Opened">Replicas that it opened.</param>
/// <param name="Closed">Replicas that it closed, since nobody used them.</param>
[GenerateSerializer, Immutable, Alias("llmos.scheduler-report")]
public sealed record SchedulerReport(
    [property: Id(0)] ImmutableArray<ReplicaState> Replicas,
    [property: Id(1)] long Moved,
    [property: Id(2)] long Opened,
    [property: Id(3)] long Closed);
