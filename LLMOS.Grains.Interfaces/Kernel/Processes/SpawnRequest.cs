namespace LLMOS.Kernel.Processes;

/// <summary>One of several processes that are spawned together.</summary>
/// <param name="Pid">A PID that was allocated for it.</param>
/// <param name="Spec">What it is to be. It may wait for others of the same spawn.</param>
[GenerateSerializer, Immutable, Alias("llmos.spawn-request")]
public sealed record SpawnRequest(
    [property: Id(0)] long Pid,
    [property: Id(1)] ProcessSpec Spec);
