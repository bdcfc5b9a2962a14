using System.Collections.Immutable;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.Tests.Running.Security;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Memory;

/// <summary>Regions of many pages, and pages whose region or owner is gone.</summary>
public sealed class LongRegionTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const int Many = 600;

    private readonly IGrainFactory _grains = fixture.System.Grains;

    [Fact]
    public async Task The_list_of_pages_is_stored_in_parts_of_which_an_append_writes_the_last()
    {
        const string Path = "/context/long";
        var region = _grains.GetGrain<IContextRegionGrain>(Path);
        await region.TryCreateAsync("test");
        await region.RepageAsync("small", 10, ImmutableArray<int>.Empty, 0);
        var sizes = new List<int>();
        for (var i = 0; i < Many; i++)
        {
            await region.AppendAsync(Entry(i));
            sizes.Add(Stored(region));
        }

        Assert.Equal(Many, (await region.GetInfoAsync())!.Pages);

        // 30 bytes a page: with all of them in it the record would be twice as large as at half of them.
        Assert.InRange(sizes[(Many / 2)..].Max(), 1, sizes[..(Many / 2)].Max() + 64);
        await region.PinAsync(3, isPinned: true);
        await region.PinAsync(Many - 2, isPinned: true);
        var before = await region.ListPagesAsync();
        await DeactivateAllAsync();
        var after = await region.ListPagesAsync();
        Assert.Equal(before, after);
        Assert.Equal([3, Many - 2], Enumerable.Range(0, Many).Where(page => after[page].IsPinned));
        Assert.Equal(Enumerable.Range(0, Many).Select(Text), (await region.ReadAsync()).Select(entry => entry.Text));
        await region.AppendAsync(Entry(Many));
        Assert.Equal([Text(Many - 1), Text(Many)], (await region.TailAsync(20)).Select(entry => entry.Text));

        // Another size of pages, and a region that goes on from it, which outlives it.
        var info = (await region.GetInfoAsync())!;
        Assert.True(await region.RepageAsync("large", 20, [.. Enumerable.Repeat(10, Many + 1)], info.Version));
        Assert.Equal((Many / 2) + 1, (await region.GetInfoAsync())!.Pages);
        var child = _grains.GetGrain<IContextRegionGrain>("/context/long-child");
        Assert.Equal(Many + 1, await child.InheritAsync(Path, "child"));
        await DeactivateAllAsync();
        await region.FreeAsync();
        Assert.Null(await region.GetInfoAsync());
        Assert.Equal(Enumerable.Range(0, Many + 1).Select(Text), (await child.ReadAsync()).Select(entry => entry.Text));
        await region.TryCreateAsync("test");
        Assert.Empty(await region.ReadAsync());
    }

    [Fact]
    public async Task Readers_of_shared_pages_read_the_same_while_the_region_they_came_from_is_freed()
    {
        var region = _grains.GetGrain<IContextRegionGrain>("/context/shared-from");
        await region.TryCreateAsync("test");
        await region.RepageAsync("small", 20, ImmutableArray<int>.Empty, 0);
        for (var i = 0; i < 60; i++)
        {
            await region.AppendAsync(Entry(i));
        }

        var children = Enumerable.Range(0, 4).Select(i => _grains.GetGrain<IContextRegionGrain>($"/context/shared-{i}")).ToList();
        foreach (var child in children)
        {
            await child.InheritAsync("/context/shared-from", "test");
        }

        var expected = Enumerable.Range(0, 60).Select(Text).ToList();
        var freed = false;
        var readers = children.Select(async child =>
        {
            for (var after = 0; after < 5; after += Volatile.Read(ref freed) ? 1 : 0)
            {
                Assert.Equal(expected, (await child.ReadAsync()).Select(entry => entry.Text));
                Assert.True((await child.FitAsync(new ContextDemand(10_000, Text(7)))).IsWhole);
            }
        }).ToList();
        await region.FreeAsync();
        Volatile.Write(ref freed, true);
        await Task.WhenAll(readers);

        // With the last of those that share a page it is gone.
        var page = (await children[0].ListPagesAsync())[0].Id;
        foreach (var child in children)
        {
            Assert.True((await _grains.GetGrain<IMemoryPageGrain>(page).GetInfoAsync()).References > 0);
            await child.FreeAsync();
        }

        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(_grains.GetGrain<IMemoryPageGrain>(page).GetInfoAsync)).Code);
    }

    [Fact]
    public async Task A_page_whose_owner_died_is_read_by_those_it_was_shared_with_and_freed_by_its_principal()
    {
        var system = fixture.System;
        var owner = await MailboxAsync("mortal");
        var heir = await MailboxAsync("heir");
        var path = ((LLMOS.SystemInterface.Syscalls.RegionResult)await system.CallAsync("malloc", """{"name":"will"}""", owner)).Region.Path;
        await system.CallAsync("append", $$"""{"path":"{{path}}","text":"the house is yours"}""", owner);
        await system.CallAsync("share", $$"""{"region":"{{path}}","pid":{{heir}},"mode":"write"}""", owner);
        await system.Process(owner).KillAsync(ExitReason.Killed("old age"));
        Assert.Equal([path], (await system.Process(owner).GetAsync()).Leaked);
        await DeactivateAllAsync();

        var entries = ((LLMOS.SystemInterface.Syscalls.EntriesResult)await system.CallAsync("cat", $$"""{"path":"{{path}}"}""", heir)).Entries;
        Assert.Equal("the house is yours", Assert.Single(entries).Text);
        await system.CallAsync("append", $$"""{"path":"{{path}}","text":"thank you"}""", heir);
        await Speaking.As(Speaking.OtherUser, () => Speaking.DeniedAsync(() => system.CallAsync("cat", $$"""{"path":"{{path}}"}""")));
        Assert.Equal(2, (await _grains.GetGrain<IContextRegionGrain>(path).ReadAsync()).Length);
        await system.CallAsync("free", $$"""{"region":"{{path}}"}""");
        Assert.Null(await _grains.GetGrain<IContextRegionGrain>(path).GetInfoAsync());
    }

    private async Task<long> MailboxAsync(string name) => (await fixture.System.Table.SpawnAsync(
        new ProcessSpec { Name = name, Program = ProcessPrograms.Mailbox, Kind = ProcessKind.User, Permissions = Permissions.Agent })).Pid;

    /// <summary>Bytes of the region's record in the store.</summary>
    private int Stored(IContextRegionGrain region)
    {
        var store = fixture.System.Services.GetRequiredService<LLMOS.Silo.Storage.SqliteStore>();
        return store.Read(region.GetGrainId().ToString(), static (session, id) =>
        {
            using var row = session.Statement("SELECT length(data) FROM grain_state WHERE grain_id = ? AND state_name = 'context-region'").Bind(id);
            return row.Step() ? (int)row.Number(0) : 0;
        });
    }

    /// <summary>Has all grains read their state from the store when they are called next.</summary>
    private Task DeactivateAllAsync() => _grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);

    private static ContextEntry Entry(int i) => new(Guid.NewGuid(), 1, "test", Text(i), 10, DateTimeOffset.UnixEpoch);

    private static string Text(int i) => $"entry number {i}";
}
