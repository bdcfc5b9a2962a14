namespace LLMOS.Kernel.Processes;

/// <summary>
/// Which blocks of the process table may have processes in them that live, so that what asks for those does not read all
/// that ever were. It may name a block too many, never one too few. Not for several threads: it lives in an activation.
/// </summary>
public sealed class OpenBlocks
{
    private readonly SortedSet<long> _open;
    private readonly Dictionary<long, Entries> _entries = [];

    /// <param name="open">Blocks before <paramref name="from"/> that are open.</param>
    /// <param name="from">The first block of those that are all open.</param>
    public OpenBlocks(IEnumerable<long> open, long from)
    {
        _open = [.. open];
        From = from;
    }

    /// <summary>The first block of those that are all open.</summary>
    public long From { get; private set; }

    /// <summary>Those before <see cref="From"/> that are open, ascending.</summary>
    public IReadOnlyCollection<long> Before => _open;

    /// <summary>The open blocks up to one, the last first.</summary>
    public IReadOnlyList<long> NewestFirst(long last)
    {
        var blocks = new List<long>();
        for (var block = last; block >= From; block--)
        {
            blocks.Add(block);
        }

        blocks.AddRange(_open.Reverse().Where(block => block <= last));
        return blocks;
    }

    /// <summary>A process is about to be entered into a block, which is open from now on.</summary>
    /// <returns>Whether the block was closed: that it is open has to be stored before the process is.</returns>
    public bool Begin(long block)
    {
        var entries = _entries.GetValueOrDefault(block);
        _entries[block] = entries with { UnderWay = entries.UnderWay + 1 };
        return block < From && _open.Add(block);
    }

    /// <summary>It was entered, or was not.</summary>
    public void End(long block)
    {
        var entries = _entries[block];
        _entries[block] = new Entries(entries.UnderWay - 1, entries.Done + 1);
    }

    /// <summary>What <see cref="Close"/> wants to know whether a process was entered since.</summary>
    public int Stamp(long block) => _entries.GetValueOrDefault(block).Done;

    /// <summary>Nobody lived in the block when it was read: it is closed, unless a process was entered since the stamp was taken.</summary>
    /// <returns>Whether it was closed.</returns>
    public bool Close(long block, int stamp)
    {
        var entries = _entries.GetValueOrDefault(block);
        if (entries.UnderWay > 0 || entries.Done != stamp)
        {
            return false;
        }

        for (; From <= block; From++)
        {
            _open.Add(From);
        }

        _entries.Remove(block);
        return _open.Remove(block);
    }

    private readonly record struct Entries(int UnderWay, int Done);
}
