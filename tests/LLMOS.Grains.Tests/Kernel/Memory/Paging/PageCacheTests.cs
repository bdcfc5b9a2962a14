using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;

namespace LLMOS.Tests.Kernel.Memory.Paging;

public sealed class PageCacheTests
{
    [Fact]
    public void What_was_read_longest_ago_makes_room_and_the_counts_say_so()
    {
        var cache = new PageCache(1_000);
        var ids = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var id in ids[..3])
        {
            cache.Put(id, Page(70));
        }

        Assert.True(cache.TryGet(ids[0], out var first));
        Assert.Equal(70, Assert.Single(first).Text.Length);
        cache.Put(ids[3], Page(70));
        Assert.False(cache.TryGet(ids[1], out _));
        Assert.True(cache.TryGet(ids[0], out _));
        Assert.Equal(new MemoryLevel("L3", 3, 900, 2, 1, 1), cache.Level);
        cache.Remove(ids[0]);
        cache.Put(ids[2], Page(20));
        Assert.Equal(new MemoryLevel("L3", 2, 500, 2, 1, 1), cache.Level);
    }

    [Fact]
    public void A_page_larger_than_the_cache_does_not_empty_it()
    {
        var cache = new PageCache(500);
        var small = Guid.NewGuid();
        cache.Put(small, Page(10));
        cache.Put(Guid.NewGuid(), Page(1_000));
        Assert.True(cache.TryGet(small, out _));
    }

    private static ImmutableArray<ContextEntry> Page(int characters) => [new(Guid.NewGuid(), 1, "a", new string('x', characters), 1, DateTimeOffset.UnixEpoch)];
}
