namespace LLMOS.Kernel.Scheduling;

/// <summary>
/// Decides on which replica of a model a process thinks: where its sequence is, or, when it has none, where most of its
/// prompt is cached, unless that one is busier than the least busy by more than a prefill is worth; else the least busy;
/// a further one only when all in use are full.
/// </summary>
public sealed class ReplicaChoice
{
    /// <summary>Sequences that think at once on a replica before another is opened.</summary>
    public int FullAt { get; init; } = 16;

    /// <summary>How many more sequences its own replica may have than the least busy one before a process moves.</summary>
    public int StickyUpTo { get; init; } = 4;

    /// <param name="thinking">Sequences that think on each replica there may be; at least one replica.</param>
    /// <param name="home">The replica that holds the process's sequence; null for none.</param>
    /// <param name="cached">Tokens of the process's prompt that are cached on each replica, as far as that is known.</param>
    public int Choose(ReadOnlySpan<int> thinking, int? home, ReadOnlySpan<int> cached = default)
    {
        if (thinking.IsEmpty)
        {
            throw new ArgumentException("A model has at least one replica.", nameof(thinking));
        }

        // Replicas are opened in order, so the first idle one after full ones is the next to open.
        var best = 0;
        for (var i = 1; i < thinking.Length; i++)
        {
            var opens = thinking[i] == 0 && thinking[best] < FullAt;
            if (!opens && thinking[i] < thinking[best])
            {
                best = i;
            }
        }

        home ??= LongestPrefix(cached);
        return home is { } own && own < thinking.Length && thinking[own] - thinking[best] <= StickyUpTo ? own : best;
    }

    private static int? LongestPrefix(ReadOnlySpan<int> cached)
    {
        int? longest = null;
        for (var i = 0; i < cached.Length; i++)
        {
            if (cached[i] > (longest is { } best ? cached[best] : 0))
            {
                longest = i;
            }
        }

        return longest;
    }
}
