namespace LLMOS.Kernel.Scheduling;

/// <summary>Requests that are to go from one replica to another.</summary>
/// <param name="From">The number of the replica that they wait on.</param>
/// <param name="To">That of the one with room.</param>
/// <param name="Count">How many; positive.</param>
public readonly record struct ReplicaMove(int From, int To, int Count);
