namespace LLMOS.Silo.Streams;

/// <summary>How the VMP streams of a node behave. Silos that share a store share the options of the first of them.</summary>
public sealed class VmpStreamOptions
{
    /// <summary>How many queues the streams are spread over; each is pulled by one silo. The same in a whole cluster.</summary>
    public int QueueCount { get; set; } = 4;

    /// <summary>
    /// Delivers nothing until told to: for a silo that only looks, such as a shell that lists processes. Messages can be
    /// published and stay in the log.
    /// </summary>
    public bool StartStopped { get; set; }

    /// <summary>
    /// Whether this silo alone pulls the queues, because the log is its own: silos that join it have no access to it. Silos
    /// that share a log in one process share the queues out instead.
    /// </summary>
    public bool PullsAllQueues { get; set; }

    /// <summary>How many messages of a queue wait in memory for their recipients; further ones wait in the log.</summary>
    public int CacheCapacity { get; set; } = 4096;

    /// <summary>How long a consumed message stays in the log. As long, a repeated one is recognised.</summary>
    public TimeSpan KeepConsumedFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>At most so many consumed messages stay in the log, the newest of them.</summary>
    public int MaxConsumed { get; set; } = 200_000;

    /// <summary>How long a dead letter stays in the log, to be looked at and sent again.</summary>
    public TimeSpan KeepDeadFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>At most so many dead letters stay in the log, the newest of them.</summary>
    public int MaxDead { get; set; } = 100_000;

    /// <summary>How often the log is rid of consumed messages that are too old or too many.</summary>
    public TimeSpan PruneEvery { get; set; } = TimeSpan.FromMinutes(1);

    internal void Validate()
    {
        if (QueueCount is < 1 or > 1024)
            throw LlmosException.InvalidArgument($"The VMP streams cannot have {QueueCount} queues. Give 1 to 1024.");
        if (CacheCapacity < 1)
            throw LlmosException.InvalidArgument($"A VMP queue cannot hold {CacheCapacity} messages in memory. Give 1 or more.");
        if (MaxConsumed < 0)
            throw LlmosException.InvalidArgument($"The VMP log cannot keep {MaxConsumed} consumed messages. Give 0 or more.");
        if (KeepConsumedFor < TimeSpan.Zero)
            throw LlmosException.InvalidArgument($"The VMP log cannot keep consumed messages for {KeepConsumedFor}. Give zero or more.");
        if (MaxDead < 0)
            throw LlmosException.InvalidArgument($"The VMP log cannot keep {MaxDead} dead letters. Give 0 or more.");
        if (KeepDeadFor < TimeSpan.Zero)
            throw LlmosException.InvalidArgument($"The VMP log cannot keep dead letters for {KeepDeadFor}. Give zero or more.");
        if (PruneEvery <= TimeSpan.Zero)
            throw LlmosException.InvalidArgument($"The VMP log cannot be pruned every {PruneEvery}. Give more than zero.");
    }
}
