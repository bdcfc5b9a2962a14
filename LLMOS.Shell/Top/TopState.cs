using System.Collections.Immutable;
using LLMOS.Client.Watching;

namespace LLMOS.Shell.Top;

/// <summary>How the table is looked at. What it looks at is a <see cref="TopSample"/>.</summary>
internal sealed record TopState
{
    /// <summary>The <see cref="TopColumn.Key"/> that is sorted by.</summary>
    public string SortKey { get; init; } = "pid";

    public bool IsDescending { get; init; } = true;

    /// <summary>What of a process its name, state, model, owner or PID has to have; empty for nothing.</summary>
    public string Filter { get; init; } = "";

    public bool IsTree { get; init; }

    /// <summary>PIDs whose children are not shown in the tree.</summary>
    public ImmutableHashSet<long> Folded { get; init; } = [];

    /// <summary>The PID of the selected process; 0 for none.</summary>
    public long Selected { get; init; }

    /// <summary>Columns that are scrolled out to the left, after the PID and the name.</summary>
    public int HiddenColumns { get; init; }

    /// <summary>The line of the table that is the first one shown.</summary>
    public int FirstLine { get; init; }

    public TopMode Mode { get; init; }

    /// <summary>What is being typed.</summary>
    public string Input { get; init; } = "";

    /// <summary>What came of the last action.</summary>
    public string Message { get; init; } = "";

    /// <summary>Whether the table stands still.</summary>
    public bool IsPaused { get; init; }

    /// <summary>The lines of the table: filtered, and sorted or as a tree.</summary>
    public IReadOnlyList<TopEntry> Arrange(IEnumerable<ProcessActivity> processes)
    {
        var rows = processes.Where(Matches).ToList();
        return IsTree ? Tree(rows) : [.. Sort(rows).Select(row => new TopEntry(row, 0, null))];
    }

    /// <summary>The same state with a selection that is among the lines and in sight.</summary>
    /// <param name="shown">The lines.</param>
    /// <param name="page">Lines that have room.</param>
    public TopState Settle(IReadOnlyList<TopEntry> shown, int page)
    {
        var at = IndexOf(shown);
        if (at < 0 && shown.Count > 0)
        {
            // The next one takes the place of one that has ended.
            at = Math.Clamp(FirstLine, 0, shown.Count - 1);
        }

        var first = Math.Clamp(FirstLine, Math.Max(0, at - Math.Max(1, page) + 1), Math.Max(0, at));
        first = Math.Clamp(first, 0, Math.Max(0, shown.Count - Math.Max(1, page)));
        return this with { Selected = at < 0 ? 0 : shown[at].Row.Pid, FirstLine = first };
    }

    /// <summary>The line of the selected process; -1 when it is not among them.</summary>
    public int IndexOf(IReadOnlyList<TopEntry> shown)
    {
        for (var i = 0; i < shown.Count; i++)
        {
            if (shown[i].Row.Pid == Selected)
            {
                return i;
            }
        }

        return -1;
    }

    private bool Matches(ProcessActivity row) =>
        Filter.Length == 0
        || new[] { row.Name, row.State, row.Model, row.Owner, row.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture) }.Any(text => text.Contains(Filter, StringComparison.OrdinalIgnoreCase));

    private IEnumerable<ProcessActivity> Sort(IEnumerable<ProcessActivity> rows)
    {
        var order = TopColumn.Find(SortKey)?.Order ?? (row => row.Pid);
        var comparer = Comparer<IComparable>.Create((one, other) => one is string text ? string.Compare(text, (string)other, StringComparison.OrdinalIgnoreCase) : one.CompareTo(other));
        return (IsDescending ? rows.OrderByDescending(order, comparer) : rows.OrderBy(order, comparer)).ThenBy(row => row.Pid);
    }

    /// <summary>Each process after its parent. One whose parent is not shown, or is itself, is a root.</summary>
    private List<TopEntry> Tree(List<ProcessActivity> rows)
    {
        var known = rows.Select(row => row.Pid).ToHashSet();
        var children = Sort(rows).ToLookup(row => row.Parent != row.Pid && known.Contains(row.Parent) ? row.Parent : 0);
        var entries = new List<TopEntry>(rows.Count);
        var waiting = new Stack<(ProcessActivity Row, int Level)>(children[0].Reverse().Select(row => (row, 0)));
        while (waiting.TryPop(out var next))
        {
            var (row, level) = next;
            var isParent = children.Contains(row.Pid);
            var isExpanded = isParent && !Folded.Contains(row.Pid);
            entries.Add(new TopEntry(row, level, isParent ? isExpanded : null));
            if (isExpanded)
            {
                foreach (var child in children[row.Pid].Reverse())
                {
                    waiting.Push((child, level + 1));
                }
            }
        }

        return entries;
    }
}
