using CsCheck;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Tests.Kernel.Memory.Paging;

public sealed class ContextPagerTests
{
    private static readonly Gen<PageStanding> AnyPage =
        from tokens in Gen.Int[1, 64]
        from similarity in Gen.Float[-1, 1]
        from lastUse in Gen.Int[0, 100]
        from uses in Gen.Int[0, 9]
        from isPinned in Gen.Bool
        from isResident in Gen.Bool
        select new PageStanding(tokens, similarity, lastUse, uses, isPinned && tokens % 3 == 0, isResident);

    [Fact]
    public void The_window_is_never_overdrawn_but_for_the_newest_page_and_whatever_fits_is_there() => (
        from pages in AnyPage.Array[1, 60]
        from room in Gen.Int[1, 1_500]
        from policy in Gen.Enum<PagingPolicy>()
        select (pages, room, policy)).Sample(sample =>
    {
        var (pages, room, policy) = sample;
        var chosen = ContextPager.Plan(pages, room, policy, 100, out _);
        var used = pages.Where((_, page) => chosen[page]).Sum(page => page.Tokens);
        Assert.True(chosen[^1]);
        Assert.True(used <= room || chosen.Count(page => page) == 1, $"{used} of {room}");
        if (pages.Sum(page => page.Tokens) <= room)
        {
            Assert.DoesNotContain(false, chosen);
        }

        // Pinned ones yield to nothing but the newest half and other pinned ones.
        var pinned = pages.Select((page, place) => (page, place)).Where(page => page.page.IsPinned).ToList();
        if (pinned.Sum(page => page.page.Tokens) <= room / 2 && pages[^1].Tokens <= room / 2)
        {
            Assert.All(pinned, page => Assert.True(chosen[page.place]));
        }
    });

    [Fact]
    public void A_page_that_is_near_to_what_is_asked_comes_back_under_attention_and_lru_and_not_under_pinned_first()
    {
        var pages = Enumerable.Range(0, 50).Select(page => Page(similarity: page == 3 ? 0.8f : 0.1f, isResident: page >= 42)).ToArray();
        Assert.True(ContextPager.Plan(pages, 80, PagingPolicy.Attention, 50, out var near)[3]);
        Assert.Equal([3], Enumerable.Range(0, 50).Where(page => near[page]));
        Assert.True(ContextPager.Plan(pages, 80, PagingPolicy.Lru, 50, out _)[3]);
        Assert.False(ContextPager.Plan(pages, 80, PagingPolicy.PinnedFirst, 50, out _)[3]);
    }

    [Fact]
    public void Nothing_leaves_while_all_that_is_there_fits_and_then_more_than_one_page_does()
    {
        var pages = Enumerable.Range(0, 20).Select(page => Page(lastUse: page, isResident: page >= 10)).ToArray();
        Assert.Equal(10, ContextPager.Plan(pages, 100, PagingPolicy.Lru, 20, out _).Count(page => page));
        pages[9] = pages[9] with { IsResident = true };
        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], Chosen(ContextPager.Plan(pages, 100, PagingPolicy.Lru, 20, out _)));
    }

    [Fact]
    public void Lru_keeps_what_was_used_last_and_attention_weighs_nearness_and_use_with_it()
    {
        var pages = Enumerable.Range(0, 12).Select(page => Page(isResident: true)).ToArray();
        pages[1] = Page(lastUse: 9, isResident: true);
        pages[2] = Page(lastUse: 8, similarity: 0.3f, uses: 4, isResident: true);

        // 40 of 70 tokens are for the newest: one more page of ten has room below seven eighths besides those two.
        var lru = Chosen(ContextPager.Plan(pages, 70, PagingPolicy.Lru, 10, out _));
        Assert.Contains(1, lru);
        Assert.True(Array.IndexOf(lru, 1) < Array.IndexOf(lru, 9));
        var attention = ContextPager.Plan([.. pages.Select(page => page with { Tokens = 20 })], 70, PagingPolicy.Attention, 10, out _);
        Assert.True(attention[2]);
        Assert.False(attention[1]);
    }

    [Fact]
    public void A_page_larger_than_the_window_is_the_newest_alone()
    {
        Assert.Equal([2], Chosen(ContextPager.Plan([Page(), Page(), Page() with { Tokens = 500 }], 100, PagingPolicy.Attention, 1, out _)));
        Assert.Empty(ContextPager.Plan([], 100, PagingPolicy.Attention, 1, out _));
    }

    private static int[] Chosen(bool[] plan) => [.. Enumerable.Range(0, plan.Length).Where(page => plan[page])];

    private static PageStanding Page(float similarity = 0.1f, long lastUse = 0, int uses = 0, bool isResident = false) => new(10, similarity, lastUse, uses, false, isResident);
}
