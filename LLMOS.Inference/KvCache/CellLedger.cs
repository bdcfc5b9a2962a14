namespace LLMOS.Inference.KvCache;

/// <summary>
/// Which KV cells are whose: the managed mirror of a unified KV cache, in which a cell may belong to several sequences. Counts references by runs of
/// cells, so that it is known how many cells are used and how many a sequence would give back. Pure.
/// </summary>
internal sealed class CellLedger
{
    private readonly List<CellHolder> _holders = [];

    /// <summary>Cells that belong to anyone.</summary>
    public int Used { get; private set; }

    public CellHolder Open()
    {
        var holder = new CellHolder();
        _holders.Add(holder);
        return holder;
    }

    /// <summary>Gives new cells to a holder, behind those that it has.</summary>
    public void Append(CellHolder holder, int cells)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cells);
        if (cells == 0)
            return;
        if (holder.Runs.Count > 0 && holder.Runs[^1] is { Holders: 1 } last)
            last.Length += cells;
        else
            holder.Runs.Add(new CellRun(cells));
        holder.Count += cells;
        Used += cells;
    }

    /// <summary>Makes the cells of one holder another's, too, from where the other's end up to a position.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The first has not that many, or the second has them already.</exception>
    public void Share(CellHolder from, CellHolder to, int until)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until, from.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(until, to.Count);
        var first = SplitAt(from, to.Count);
        var end = SplitAt(from, until);
        for (var i = first; i < end; i++)
        {
            from.Runs[i].Holders++;
            to.Runs.Add(from.Runs[i]);
        }
        to.Count = until;
    }

    /// <summary>Takes all cells of a holder but its first.</summary>
    public void Cut(CellHolder holder, int keep)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        if (keep >= holder.Count)
            return;
        var first = SplitAt(holder, keep);
        for (var i = first; i < holder.Runs.Count; i++)
        {
            if (--holder.Runs[i].Holders == 0)
                Used -= holder.Runs[i].Length;
        }
        holder.Runs.RemoveRange(first, holder.Runs.Count - first);
        holder.Count = keep;
    }

    public void Close(CellHolder holder)
    {
        Cut(holder, 0);
        _holders.Remove(holder);
    }

    /// <summary>The index of the run that begins at a position, which is made to begin there for all that hold it.</summary>
    private int SplitAt(CellHolder holder, int position)
    {
        var at = 0;
        for (var i = 0; i < holder.Runs.Count; i++)
        {
            if (at == position)
                return i;
            var run = holder.Runs[i];
            if (position < at + run.Length)
            {
                Split(run, position - at);
                return i + 1;
            }
            at += run.Length;
        }
        return holder.Runs.Count;
    }

    private void Split(CellRun run, int length)
    {
        var rest = new CellRun(run.Length - length) { Holders = run.Holders };
        run.Length = length;
        foreach (var holder in _holders)
        {
            var index = holder.Runs.IndexOf(run);
            if (index >= 0)
                holder.Runs.Insert(index + 1, rest);
        }
    }
}
