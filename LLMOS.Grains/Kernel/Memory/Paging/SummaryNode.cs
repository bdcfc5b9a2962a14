namespace LLMOS.Kernel.Memory.Paging;

/// <summary>
/// A summary in the tree of a region's summaries: one of level 0 stands for a page, one of a level above for <see cref="FanOut"/> of the level below, aligned.
/// So a context of any length has few summaries in the window, coarser ones the older it is.
/// </summary>
public readonly record struct SummaryNode(int Level, int Index)
{
    public const int FanOut = 4;

    // 4^12 pages are more than a region can have.
    private const int MostLevels = 12;

    /// <summary>How many pages it stands for.</summary>
    public int Count => 1 << (2 * Level);

    /// <summary>The first of them.</summary>
    public int First => Index * Count;

    /// <summary>Those that it is made of.</summary>
    public IEnumerable<SummaryNode> Parts
    {
        get
        {
            var (level, index) = (Level, Index);
            return level == 0 ? [] : Enumerable.Range(0, FanOut).Select(part => new SummaryNode(level - 1, (index * FanOut) + part));
        }
    }

    /// <summary>The fewest nodes that stand for the first pages of a region, the oldest first: at most three of each level.</summary>
    public static IEnumerable<SummaryNode> Cover(int pages)
    {
        var first = 0;
        for (var level = MostLevels; level >= 0; level--)
        {
            for (var count = 1 << (2 * level); pages - first >= count; first += count)
            {
                yield return new SummaryNode(level, first / count);
            }
        }
    }

    /// <summary>All nodes above level 0 that stand for complete runs of the first pages.</summary>
    public static IEnumerable<SummaryNode> Above(int pages)
    {
        for (var level = 1; level <= MostLevels && pages >> (2 * level) > 0; level++)
        {
            for (var index = 0; index < pages >> (2 * level); index++)
            {
                yield return new SummaryNode(level, index);
            }
        }
    }
}
