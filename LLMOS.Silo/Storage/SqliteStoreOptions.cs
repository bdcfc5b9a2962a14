namespace LLMOS.Silo.Storage;

/// <summary>How a node's database behaves.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database may grow to about this many bytes; a write that needs more is refused. Null for the disk's own limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>At most so many writes share one transaction, so that the first of them does not wait long for the last.</summary>
    public int MaxBatch { get; init; } = 512;

    /// <summary>How long a deferred write may wait for another one to share its transaction.</summary>
    public TimeSpan DeferredDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a statement waits for a lock that another program (a backup, a shell) has on the file.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
