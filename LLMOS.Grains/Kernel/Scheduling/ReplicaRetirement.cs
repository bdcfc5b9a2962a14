namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Decides which replicas are closed: those that nothing thought on for long, from the last on, so that those in use stay
/// the first ones. The first replica stays open; its model leaves the memory when it has not been used for long itself.
/// </summary>
public static class ReplicaRetirement
{
    /// <param name="idle">How long nothing has thought on each replica; null for one that is at work or not open.</param>
    /// <param name="limit">How long it may be.</param>
    public static IEnumerable<int> Choose(IReadOnlyList<TimeSpan?> idle, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(idle);
        for (var replica = idle.Count - 1; replica > 0; replica--)
        {
            if (idle[replica] >= limit)
            {
                yield return replica;
            }
        }
    }
}
