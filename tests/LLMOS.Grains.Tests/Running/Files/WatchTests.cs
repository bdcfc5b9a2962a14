using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Syscalls;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.Tests.Running.Security;

namespace LLMOS.Tests.Running.Files;

/// <summary>Who watches files or a region hears of what changes in them, and a process that ends tells what it did not free.</summary>
public sealed class WatchTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task A_watcher_of_a_directory_hears_of_each_change_below_it_and_of_no_other()
    {
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        await Files.MakeDirectoryAsync("/apps/watched");
        await Files.MakeDirectoryAsync("/apps/other");
        var heard = new List<FileEvent>();
        var watching = WatchAsync(_system.Grains.GetGrain<IFileWatchGrain>(0).WatchAsync("/apps/watched/", limit.Token), heard);

        // It watches from some moment on: what is written before that is not heard of.
        while (heard.Count == 0)
        {
            await Files.WriteAsync("/apps/watched/begin", "text");
            await Task.Yield();
        }

        await Files.WriteAsync("/apps/other/a.md", "elsewhere");
        var written = await Files.WriteAsync("/apps/watched/a.md", "first");
        await Files.AppendAsync("/apps/watched/a.md", " and more");
        await Files.MoveAsync("/apps/watched/a.md", "/apps/other/b.md");
        await Files.MoveAsync("/apps/other/a.md", "/apps/watched/a.md");
        await Files.ShareAsync("/apps/watched/a.md", shared: true);
        await Files.MakeDirectoryAsync("/apps/watched/deep/er");
        await Assert.ThrowsAsync<LlmosException>(() => Files.WriteAsync("/apps/watched/a.md", "text", expected: 7));
        await Files.RemoveAsync("/apps/watched", recursive: true);
        await watching;
        Assert.Equal(
            [
                (FileEventKind.Written, "/apps/watched/a.md", "", 1L), (FileEventKind.Written, "/apps/watched/a.md", "", 2), (FileEventKind.Moved, "/apps/other/b.md", "/apps/watched/a.md", 2),
                (FileEventKind.Moved, "/apps/watched/a.md", "/apps/other/a.md", 1), (FileEventKind.Shared, "/apps/watched/a.md", "", 1), (FileEventKind.Made, "/apps/watched/deep", "", 0),
                (FileEventKind.Made, "/apps/watched/deep/er", "", 0), (FileEventKind.Removed, "/apps/watched", "", 0),
            ],
            heard.Where(change => !change.Path.EndsWith("begin", StringComparison.Ordinal)).Select(change => (change.Kind, change.Path, change.From, change.Version)));
        Assert.All(heard, change => Assert.Equal("local", change.Author));
        Assert.InRange(heard[^1].At, written.ModifiedAt, DateTimeOffset.MaxValue);
    }

    [Fact]
    public async Task A_watcher_of_a_region_sees_its_newest_version_until_it_is_freed()
    {
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        var region = _system.Grains.GetGrain<IContextRegionGrain>("/context/watched");
        await Assert.ThrowsAsync<LlmosException>(async () => await region.WatchAsync(limit.Token).GetAsyncEnumerator(limit.Token).MoveNextAsync());
        await region.AllocateAsync("process/0", "to be watched", null);
        var versions = new List<long>();
        await foreach (var info in region.WatchAsync(limit.Token))
        {
            versions.Add(info.Version);
            if (info.Version < 5)
            {
                await region.AppendAsync(new ContextEntry(Guid.NewGuid(), 0, "test", "text", 1, DateTimeOffset.UtcNow));
            }
            else
            {
                await region.FreeAsync();
            }
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], versions.Distinct());
    }

    [Fact]
    public async Task A_process_that_ends_names_the_regions_that_it_did_not_free()
    {
        var pid = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "leaky", Program = ProcessPrograms.Mailbox, Kind = ProcessKind.User, Permissions = LLMOS.Kernel.Security.Permissions.Agent })).Pid;
        var kept = Assert.IsType<RegionResult>(await _system.CallAsync("malloc", """{"name":"kept","purpose":"notes"}""", pid));
        await _system.CallAsync("malloc", """{"name":"freed"}""", pid);
        await _system.CallAsync("free", $$"""{"region":"/mem/{{pid}}/freed"}""", pid);
        await _system.Process(pid).KillAsync(ExitReason.Killed("enough"));
        var ended = await _system.Process(pid).GetAsync();
        Assert.Equal([$"/mem/{pid}/kept"], ended.Leaked);
        Assert.Equal($"/mem/{pid}/kept", kept.Region.Path);
    }

    private static async Task WatchAsync(IAsyncEnumerable<FileEvent> changes, List<FileEvent> heard)
    {
        await foreach (var change in changes)
        {
            heard.Add(change);
            if (change.Kind is FileEventKind.Removed or FileEventKind.Missed)
            {
                break;
            }
        }
    }
}
