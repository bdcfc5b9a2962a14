namespace LLMOS.Kernel.Memory.Paging;

/// <summary>
/// Decides which pages of a context are in its window. Pure: the same standing gives the same plan. In this order, as far as there is room: the newest pages up to half
/// of it, pinned ones, those near to what is asked up to three eighths of it, and of the rest those that are there already, by the policy. Pages leave only when something has to, and then
/// some more than have to, so that the prompts of the turns in between begin alike and keep their KV.
/// </summary>
public static class ContextPager
{
    // A page counts as used when it is nearer to what is asked than the others are by so many standard deviations; among a few pages nothing stands out as far as among many.
    private const double Outstanding = 2;
    private const double OutstandingOfFew = 1;
    private const int Few = 8;

    // Turns in which a page that nothing asks for loses half of its weight.
    private const double HalfLife = 16;

    // A page that is like nothing that is asked has a rank by recency and use all the same.
    private const double LeastSimilarity = 0.05;

    /// <summary>Which pages are in the window after this.</summary>
    /// <param name="pages">The pages in their order, the newest last.</param>
    /// <param name="room">Tokens that there is room for.</param>
    /// <param name="policy">What is kept of the older ones.</param>
    /// <param name="now">The number of the turn.</param>
    /// <param name="near">Set for the pages that are near to what is asked: those are used by this turn.</param>
    /// <returns>For each page whether it is in the window. The newest page is, if it fits or not.</returns>
    public static bool[] Plan(IReadOnlyList<PageStanding> pages, int room, PagingPolicy policy, long now, out bool[] near)
    {
        ArgumentNullException.ThrowIfNull(pages);
        near = Near(pages);
        var chosen = new bool[pages.Count];
        if (pages.Count == 0)
        {
            return chosen;
        }

        if (pages.Sum(page => (long)page.Tokens) <= room)
        {
            Array.Fill(chosen, true);
            return chosen;
        }

        var plan = new Window(pages, chosen, room);
        plan.Keep(pages.Count - 1);
        for (var page = pages.Count - 2; page >= 0 && plan.Used + pages[page].Tokens <= room / 2; page--)
        {
            plan.Keep(page);
        }

        plan.KeepAll(ByPosition(pages, page => page.IsPinned), room);
        if (policy != PagingPolicy.PinnedFirst)
        {
            var marked = near;
            var most = (int)Math.Min(room, plan.Used + (room / 8 * 3));
            plan.KeepAll(Enumerable.Range(0, pages.Count).Where(page => marked[page]).OrderByDescending(page => pages[page].Similarity).ThenByDescending(page => page), most);
        }

        // Those that are there and still fit stay, all of them: only where one has to leave do several.
        var isKnown = pages.Any(page => page.IsResident);
        var rest = Enumerable.Range(0, pages.Count).Where(page => !isKnown || pages[page].IsResident).ToList();
        var stays = plan.Used + rest.Where(page => !chosen[page]).Sum(page => (long)pages[page].Tokens) <= room;
        plan.KeepAll(rest.OrderByDescending(page => Rank(pages[page], page, policy, now)).ThenByDescending(page => page), stays ? room : room / 8 * 7);
        return chosen;
    }

    private static IEnumerable<int> ByPosition(IReadOnlyList<PageStanding> pages, Func<PageStanding, bool> which) =>
        Enumerable.Range(0, pages.Count).Where(page => which(pages[page])).Reverse();

    private static double Rank(PageStanding page, int position, PagingPolicy policy, long now) => policy switch
    {
        PagingPolicy.Lru => page.LastUse,
        PagingPolicy.PinnedFirst => position,
        _ => Math.Max(page.Similarity, LeastSimilarity) * Math.Pow(2, (page.LastUse - now) / HalfLife) * (1 + page.Uses),
    };

    private static bool[] Near(IReadOnlyList<PageStanding> pages)
    {
        var near = new bool[pages.Count];
        if (pages.Count < 2)
        {
            return near;
        }

        var mean = pages.Average(page => (double)page.Similarity);
        var deviation = Math.Sqrt(pages.Average(page => (page.Similarity - mean) * (page.Similarity - mean)));
        var least = mean + ((pages.Count <= Few ? OutstandingOfFew : Outstanding) * deviation);
        for (var page = 0; page < pages.Count; page++)
        {
            near[page] = pages[page].Similarity > 0 && pages[page].Similarity > least;
        }

        return near;
    }

    private sealed class Window(IReadOnlyList<PageStanding> pages, bool[] chosen, int room)
    {
        public long Used { get; private set; }

        public void Keep(int page)
        {
            chosen[page] = true;
            Used += pages[page].Tokens;
        }

        /// <summary>Takes pages in their order, each that fits, until so much is used.</summary>
        public void KeepAll(IEnumerable<int> wanted, int most)
        {
            foreach (var page in wanted)
            {
                if (!chosen[page] && Used + pages[page].Tokens <= Math.Min(most, room))
                {
                    Keep(page);
                }
            }
        }
    }
}
