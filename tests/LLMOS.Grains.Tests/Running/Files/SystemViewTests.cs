using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.VectorFs;
using LLMOS.SystemInterface.VectorFs.Views;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Files;

/// <summary>Directories that show the system as it is.</summary>
public sealed class SystemViewTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    private IVectorFsGrain Files => _system.Grains.GetGrain<IVectorFsGrain>(0);

    [Fact]
    public async Task A_process_is_a_file_while_it_lives_with_its_state_as_it_is()
    {
        var process = await _system.Table.SpawnAsync(new ProcessSpec { Name = "gardener", Role = "You water the roses.", Program = ProcessPrograms.Mailbox });
        var path = $"/agents/{process.Pid}";
        Assert.Contains(await Files.ListAsync("/agents"), node => node.Path == path);
        var text = await Files.ReadAsync(path);
        Assert.Contains("name: gardener", text, StringComparison.Ordinal);
        Assert.Contains("You water the roses.", text, StringComparison.Ordinal);
        Assert.Contains("state: BLOCKED (receive)", text, StringComparison.Ordinal);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text), (await Files.StatAsync(path))!.Length);
        await _system.Process(process.Pid).SuspendAsync("to look");
        Assert.Contains("state: SUSPENDED", await Files.ReadAsync(path), StringComparison.Ordinal);
        Assert.Equal(path, (await Files.ListSimilarAsync("/agents", "who waters roses"))[0].Path);
        Assert.Equal(path, Assert.Single(await Files.GrepAsync("water the roses", "/agents")).Path);
        await _system.Process(process.Pid).KillAsync(ExitReason.Killed("done"));
        Assert.DoesNotContain(await Files.ListAsync("/agents"), node => node.Path == path);
        Assert.Null(await Files.StatAsync("/agents/nobody"));
        Assert.Null(await Files.StatAsync("/agents/0"));
        Assert.Null(await Files.StatAsync("/agents/999999"));
    }

    [Fact]
    public async Task Regions_are_files_and_those_below_which_others_lie_are_directories()
    {
        foreach (var path in (string[])["/context/notes", "/context/team", "/context/team/plan", "/mem/alice/list", "/proc/4711/context"])
        {
            var region = _system.Grains.GetGrain<IContextRegionGrain>(path);
            await region.TryCreateAsync("test");
            await region.AppendAsync(new ContextEntry(Guid.NewGuid(), 1, "writer", $"the text of {path}", 5, DateTimeOffset.UnixEpoch));
        }

        Assert.Superset(new HashSet<string> { "/context/notes", "/context/team", "/context/mem", "/context/proc" }, (await Files.ListAsync("/context")).Select(node => node.Path).ToHashSet());
        Assert.DoesNotContain(await Files.ListAsync("/context"), node => node.Path == "/context/context");
        Assert.Equal(["/context/team/.region", "/context/team/plan"], (await Files.ListAsync("/context/team")).Select(node => node.Path));
        Assert.Equal(NodeKind.Directory, (await Files.StatAsync("/context/team"))!.Kind);
        Assert.Equal(["/context/mem/alice/list"], (await Files.ListAsync("/context/mem/alice")).Select(node => node.Path));
        foreach (var (path, region) in new[] { ("/context/notes", "/context/notes"), ("/context/team/.region", "/context/team"), ("/context/team/plan", "/context/team/plan"), ("/context/proc/4711/context", "/proc/4711/context") })
        {
            Assert.Equal($"[writer, 1970-01-01T00:00:00.0000000+00:00]\nthe text of {region}\n\n", await Files.ReadAsync(path));
        }

        // How long a file is, is known without reading it.
        foreach (var node in await Files.ListAsync("/context/team"))
        {
            Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(await Files.ReadAsync(node.Path)), node.Length);
        }

        Assert.Equal("/context/team/plan", Assert.Single(await Files.GrepAsync("text of /context/team/plan", "/context")).Path);
        Assert.Equal(["/context/notes"], (await Files.ListAsync("/context", after: "mem", limit: 1)).Select(node => node.Path));
        Assert.Null(await Files.StatAsync("/context/nothing"));
    }

    [Fact]
    public async Task Tools_models_and_logs_are_there_to_be_read()
    {
        Assert.Contains("pid", await Files.ReadAsync("/tools/suspend"), StringComparison.Ordinal);
        Assert.Contains("read, write", await Files.ReadAsync("/tools/share"), StringComparison.Ordinal);
        Assert.NotEmpty(await Files.ListAsync("/models"));
        Assert.Contains(await Files.ListAsync("/models"), node => node.Path == "/models/default");
        Assert.Equal(["/logs/audit", "/logs/system"], (await Files.ListAsync("/logs")).Select(node => node.Path));
        Assert.NotEmpty(await Files.ReadAsync("/logs/audit"));
    }

    [Fact]
    public void The_contract_says_which_there_are() =>
        Assert.Equal(SystemViews.Paths.Order(), _system.Services.GetServices<ISystemView>().Select(view => view.Path).Order());

    [Fact]
    public async Task Nothing_in_a_view_can_be_changed_and_nothing_in_it_has_versions()
    {
        var refusals = new List<Func<Task>>
        {
            () => Files.WriteAsync("/tools/suspend", "x"),
            () => Files.AppendAsync("/logs/system", "x"),
            () => Files.RemoveAsync("/agents/1"),
            () => Files.MoveAsync("/tools/suspend", "/apps/suspend"),
            () => Files.MoveAsync("/tools", "/apps"),
            () => Files.RemoveAsync("/agents", recursive: true),
            () => Files.MakeDirectoryAsync("/models/mine"),
            () => Files.RollbackAsync("/tools/suspend"),
            () => Files.GetHistoryAsync("/tools/suspend"),
            () => Files.ReadAsync("/tools/suspend", 1),
        };
        foreach (var refused in refusals)
        {
            var refusal = await Assert.ThrowsAsync<LlmosException>(refused);
            Assert.Equal(LlmosErrorCode.FailedPrecondition, refusal.Code);
            Assert.Contains("shows the system as it is now", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => Files.ReadAsync("/tools/fly"))).Code);
    }
}
