namespace LLMOS.Kernel.Scheduling;

/// <summary>A process in a scheduler's books.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Replica">The replica that holds its sequence.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Thinking">Whether a turn of it is in the engine now.</param>
/// <param name="Tokens">Tokens computed for it there.</param>
[GenerateSerializer, Immutable, Alias("llmos.run-queue-entry")]
public sealed record RunQueueEntry(
    [property: Id(0)] long Pid,
    [property: Id(1)] int Replica,
    [property: Id(2)] ProcessPriority Priority,
    [property: Id(3)] bool Thinking,
    [property: Id(4)] long Tokens);
