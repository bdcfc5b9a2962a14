using System.Collections.Immutable;

namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Travels along the waits of processes, from one that has waited for a while to whom it waits for and so on; when it comes
/// back to where it began it has gone round a deadlock.
/// </summary>
/// <param name="Round">Grows with each time that one process sends probes; whoever has passed one on drops the others of that time and of those before.</param>
/// <param name="Path">The waits that it came along; at least one. The first is that of the process it began with, the last is for whom it comes to.</param>
/// <remarks>Edge chasing as in Chandy, Misra and Haas, "Distributed Deadlock Detection" (1983).</remarks>
[GenerateSerializer, Immutable, Alias("llmos.wait-probe")]
public sealed record WaitProbe(
    [property: Id(0)] long Round,
    [property: Id(1)] ImmutableArray<WaitStep> Path);
