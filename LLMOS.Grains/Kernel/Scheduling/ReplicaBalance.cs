namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Decides what is moved from the replica with the longest queue: half of what it has more than the least busy one that
/// nothing waits on, and never more than waits. So a move never makes the other the busier one, and what was moved once
/// has no reason to come back. A replica that is not open counts as idle once enough wait.
/// </summary>
public sealed class ReplicaBalance
{
    /// <summary>Requests that wait before a further replica is worth the loading of its model.</summary>
    public int OpensAt { get; init; } = 2;

    /// <param name="replicas">How busy each replica is that there may be.</param>
    /// <returns>The move; null when all is well as it is.</returns>
    public ReplicaMove? Plan(ReadOnlySpan<ReplicaLoad> replicas)
    {
        var (from, to) = (-1, -1);
        for (var i = 0; i < replicas.Length; i++)
        {
            if (replicas[i].Waiting > 0 && (from < 0 || replicas[i].Waiting > replicas[from].Waiting))
            {
                from = i;
            }
        }

        if (from < 0)
        {
            return null;
        }

        for (var i = 0; i < replicas.Length; i++)
        {
            // An open one comes before one that has to be loaded, and of those the first.
            var isCandidate = i != from && replicas[i].Waiting == 0 && (replicas[i].IsOpen || replicas[from].Waiting >= OpensAt);
            if (isCandidate && (to < 0 || (replicas[i].IsOpen && !replicas[to].IsOpen) || (replicas[i].IsOpen == replicas[to].IsOpen && replicas[i].Total < replicas[to].Total)))
            {
                to = i;
            }
        }

        if (to < 0)
        {
            return null;
        }

        var count = Math.Min(replicas[from].Waiting, (replicas[from].Total - replicas[to].Total) / 2);
        return count > 0 ? new ReplicaMove(from, to, count) : null;
    }
}
