namespace LLMOS.Kernel.Scheduling;

/// <summary>How busy a replica is.</summary>
/// <param name="Running">Requests that have begun.</param>
/// <param name="Waiting">Requests that have not.</param>
/// <param name="IsOpen">Whether it is in use: one that is not costs the loading of its model.</param>
public readonly record struct ReplicaLoad(int Running, int Waiting, bool IsOpen)
{
    public int Total => Running + Waiting;
}
