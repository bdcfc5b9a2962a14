namespace LLMOS.Kernel.Scheduling;

/// <summary>A replica in a scheduler's books.</summary>
/// <param name="Number">Its number: that in the key of its inference grain.</param>
/// <param name="Thinking">Processes that have a turn there now.</param>
/// <param name="Known">Processes whose sequences it may hold.</param>
/// <param name="Waiting">Requests that wait there, as it said last.</param>
[GenerateSerializer, Immutable, Alias("llmos.replica-state")]
public sealed record ReplicaState(
    [property: Id(0)] int Number,
    [property: Id(1)] int Thinking,
    [property: Id(2)] int Known,
    [property: Id(3)] int Waiting);
