namespace LLMOS.Kernel.Memory.Indexing;

/// <summary>
/// The index of a shard, kept up with its log: what was kept of it is opened when it is first used, what is new is read before each use, and what has many changes is kept
/// again. For one thread.
/// </summary>
/// <param name="indexes">Where indexes are kept.</param>
/// <param name="shard">The shard.</param>
/// <param name="shards">How many there are.</param>
public sealed class ShardIndex(IVectorIndexes indexes, int shard, int shards) : IDisposable
{
    // What is read in a fraction of a second is not kept.
    private const int WorthKeeping = 2_000;
    private const int ManyChanges = 20_000;

    private KeptIndex? _kept;
    private IVectorLog? _log;
    private int _changes;

    // Vectors in it when it had come as far as its log; null when that is not known, as after a call that was cut short.
    private int? _held;

    /// <summary>Vectors in it, as of the last use.</summary>
    public int Count => _kept?.Index.Count ?? 0;

    /// <summary>Floats of a vector; 0 before the first use.</summary>
    public int Dimension => _kept?.Index.Dimension ?? 0;

    /// <summary>The index, with all that is in the log by now.</summary>
    public IVectorIndex CatchUp(IVectorLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        _log = log;
        var (held, changes) = (_held, _changes);
        var isProved = _kept is not null && _kept.Index.Count == held;
        _held = null;
        var kept = Follow(log, _kept ?? indexes.Open(log, shard, shards));

        // What was kept is believed only if it is as long as the log says: the store may have been put back to an older copy since, or a server have lost what it held.
        if (kept is { Read: > 0 } && !isProved && kept.Index.Count != log.Count(shard, shards))
        {
            kept.Owner?.Dispose();
            kept = null;
        }

        while (kept is null)
        {
            (_kept, _changes) = (null, 0);
            kept = Follow(log, indexes.Renew(log, shard, shards));
        }

        _kept = kept;
        _held = isProved && _changes == changes ? held : kept.Index.Count;
        if (_changes >= Math.Max(ManyChanges, kept.Index.Count / 4))
        {
            Keep();
        }

        return kept.Index;
    }

    /// <summary>Keeps it as it is, for the next that opens it.</summary>
    public void Keep()
    {
        if (_kept is not null)
        {
            indexes.Keep(_log!, shard, shards, _kept);
            _changes = 0;
        }
    }

    /// <summary>Lets it go as it is: its log is gone.</summary>
    public void Drop()
    {
        _kept?.Owner?.Dispose();
        (_kept, _changes, _held) = (null, 0, null);
    }

    /// <summary>Keeps it if it is worth it, and lets it go.</summary>
    public void Dispose()
    {
        if (_changes >= WorthKeeping)
        {
            Keep();
        }

        Drop();
    }

    /// <summary>Reads what is new in the log.</summary>
    /// <returns>Null when removals were forgotten that the index does not know of; it is let go then.</returns>
    private KeptIndex? Follow(IVectorLog log, KeptIndex kept)
    {
        // Of an empty index what is out of use by now is not read at all.
        var removed = kept.Removed < 0 ? log.ReadRemovedAfter(long.MaxValue, static _ => { }) : kept.Removed;

        // Removals are looked at last: one may be of a vector that is read only now.
        var read = log.ReadAfter(kept.Read, shard, shards, (id, group, vector) =>
        {
            kept.Index.Add(id, group, vector);
            _changes++;
        });
        removed = log.ReadRemovedAfter(removed, id => _changes += kept.Index.Remove(id) ? 1 : 0);
        if (removed < 0)
        {
            kept.Owner?.Dispose();
            return null;
        }

        return kept with { Read = read, Removed = removed };
    }
}
