using LLMOS.Kernel.Memory;

namespace LLMOS.Tests.Running;

public sealed class MemoryTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly IGrainFactory _grains = fixture.System.Grains;

    [Fact]
    public async Task A_region_keeps_every_entry_once_and_in_order_over_many_pages()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/many");
        Assert.True(await region.TryCreateAsync("test"));
        var entries = Enumerable.Range(0, 60).Select(i => Entry($"text {i}", 40)).ToList();
        foreach (var entry in entries)
        {
            await region.AppendAsync(entry);
            await region.AppendAsync(entry);
        }

        var info = (await region.GetInfoAsync())!;
        Assert.Equal(60, info.Entries);
        Assert.Equal(60, info.Version);
        Assert.Equal(60 * 40, info.Tokens);
        Assert.Equal(5, info.Pages);
        Assert.Equal(entries.Select(entry => entry.Id), (await region.ReadAsync()).Select(entry => entry.Id));
        Assert.Equal(["text 57", "text 58", "text 59"], (await region.TailAsync(130)).Select(entry => entry.Text));
        Assert.Empty(await region.TailAsync(39));
        Assert.Equal(60, (await region.TailAsync(1_000_000)).Length);
    }

    [Fact]
    public async Task Many_entries_at_once_lie_as_if_they_had_come_one_by_one()
    {
        var random = new Random(7);
        var entries = Enumerable.Range(0, 60).Select(i => Entry($"text {i}", i == 30 ? 2_000 : random.Next(1, 300))).ToArray();
        var (single, batched) = (_grains.GetGrain<IContextRegionGrain>("/context/single"), _grains.GetGrain<IContextRegionGrain>("/context/batched"));
        await single.TryCreateAsync("test");
        await batched.TryCreateAsync("test");
        foreach (var entry in entries)
        {
            await single.AppendAsync(entry);
        }

        Assert.Equal(1, await batched.AppendAllAsync([.. entries[..3]]));
        Assert.Equal(2, await batched.AppendAllAsync([.. entries]));
        Assert.Equal(2, await batched.AppendAllAsync([.. entries]));
        Assert.Equal(2, await batched.AppendAllAsync([]));

        var (one, other) = ((await single.GetInfoAsync())!, (await batched.GetInfoAsync())!);
        Assert.Equal((one.Pages, one.Entries, one.Tokens, one.Bytes), (other.Pages, other.Entries, other.Tokens, other.Bytes));
        Assert.Equal(await single.ReadAsync(), await batched.ReadAsync());
    }

    [Fact]
    public async Task A_region_that_was_only_opened_is_stored_with_what_is_first_put_into_it()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/opened");
        Assert.True(await region.OpenAsync("process/7"));
        Assert.False(await region.OpenAsync("process/8"));
        await DeactivateAllAsync();
        Assert.Null(await region.GetInfoAsync());

        await Assert.ThrowsAsync<LlmosException>(() => region.AppendAllAsync([Entry("nobody's", 1)]));
        Assert.Equal(1, await region.AppendAllAsync([Entry("first", 1)], "process/7"));
        Assert.Equal(2, await region.AppendAllAsync([Entry("second", 1)], "process/8"));
        await DeactivateAllAsync();
        Assert.Equal("process/7", (await region.GetInfoAsync())!.Owner);
        Assert.Equal(["first", "second"], (await region.ReadAsync()).Select(entry => entry.Text));
    }

    [Fact]
    public async Task Of_many_entries_at_once_none_is_written_where_there_is_no_room_for_all()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/small");
        await region.AllocateAsync("test", "a small one", maxTokens: 100);
        Assert.Equal(LlmosErrorCode.ResourceExhausted, (await Assert.ThrowsAsync<LlmosException>(
            () => region.AppendAllAsync([Entry("first", 60), Entry("second", 41)]))).Code);
        Assert.Empty(await region.ReadAsync());
        await region.AppendAllAsync([Entry("first", 60), Entry("second", 40)]);
        Assert.Equal(2, (await region.ReadAsync()).Length);
    }

    [Fact]
    public async Task A_region_that_inherits_shares_the_pages_and_neither_sees_what_the_other_gets_later()
    {
        var parent = _grains.GetGrain<IContextRegionGrain>("/context/parent");
        var child = _grains.GetGrain<IContextRegionGrain>("/context/child");
        var grandchild = _grains.GetGrain<IContextRegionGrain>("/context/grandchild");
        await parent.TryCreateAsync("parent");
        for (var i = 0; i < 15; i++)
        {
            await parent.AppendAsync(Entry($"old {i}", 40));
        }

        Assert.Equal(15, await child.InheritAsync("/context/parent", "child"));
        Assert.Equal(15, await child.InheritAsync("/context/parent", "child"));
        await parent.AppendAsync(Entry("parent's", 40));
        await child.AppendAsync(Entry("child's", 40));
        Assert.Equal(16, await grandchild.InheritAsync("/context/child", "grandchild"));
        await child.AppendAsync(Entry("child's second", 40));

        var old = Enumerable.Range(0, 15).Select(i => $"old {i}").ToArray();
        Assert.Equal([.. old, "parent's"], (await parent.ReadAsync()).Select(entry => entry.Text));
        Assert.Equal([.. old, "child's", "child's second"], (await child.ReadAsync()).Select(entry => entry.Text));
        Assert.Equal([.. old, "child's"], (await grandchild.ReadAsync()).Select(entry => entry.Text));
        Assert.Equal(["old 14", "child's"], (await grandchild.TailAsync(80)).Select(entry => entry.Text));
        Assert.Equal(("child", 17, 17L * 40), ((await child.GetInfoAsync())!.Owner, (await child.GetInfoAsync())!.Entries, (await child.GetInfoAsync())!.Tokens));
        Assert.False(await child.TryCreateAsync("another"));
    }

    [Fact]
    public async Task A_region_belongs_to_who_made_it_and_one_that_nobody_made_takes_nothing()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/owned");
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => region.AppendAsync(Entry("x", 1)))).Code);
        Assert.Null(await region.GetInfoAsync());
        Assert.True(await region.TryCreateAsync("one"));
        Assert.True(await region.TryCreateAsync("one"));
        Assert.False(await region.TryCreateAsync("two"));
        await Assert.ThrowsAsync<LlmosException>(() => _grains.GetGrain<IContextRegionGrain>("/context/../etc").TryCreateAsync("one"));
    }

    [Fact]
    public async Task Of_two_that_write_over_the_same_version_one_is_told_the_newer_one_and_nothing_is_merged()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/versions");
        await region.TryCreateAsync("test");
        await region.AppendAsync(Entry("first", 1), 0);
        var entries = Enumerable.Range(0, 8).Select(i => Entry($"writer {i}", 1)).ToList();
        var refused = new List<string>();
        await Task.WhenAll(entries.Select(async entry =>
        {
            try
            {
                Assert.Equal(2, await region.AppendAsync(entry, 1));
            }
            catch (LlmosException newer) when (newer.Code == LlmosErrorCode.FailedPrecondition)
            {
                lock (refused)
                {
                    refused.Add(newer.Message);
                }
            }
        }));
        Assert.Equal(7, refused.Count);
        Assert.All(refused, message => Assert.Contains("is at version 2, not 1", message, StringComparison.Ordinal));
        Assert.Equal(2, (await region.ReadAsync()).Length);
        var written = (await region.ReadAsync())[1];
        Assert.Equal(2, await region.AppendAsync(written, 1));
    }

    [Fact]
    public async Task A_page_lives_as_long_as_somebody_refers_to_it()
    {
        var page = _grains.GetGrain<IMemoryPageGrain>(Guid.NewGuid());
        Assert.Equal(3, (await page.WriteAsync("/context/p", [Entry("a page of text", 3)])).Tokens);
        Assert.Equal(2, await page.RetainAsync());
        Assert.Equal(1, await page.ReleaseAsync());
        Assert.Equal(1, (await page.GetInfoAsync()).References);
        Assert.Contains(await page.GetVectorAsync(), value => value != 0);
        Assert.Equal(0, await page.ReleaseAsync());
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(page.GetInfoAsync)).Code);
        Assert.Empty(await page.ReadAsync());
    }

    private Task DeactivateAllAsync() => _grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    private static ContextEntry Entry(string text, int tokens) => new(Guid.NewGuid(), 1, "test", text, tokens, DateTimeOffset.UnixEpoch);
}
