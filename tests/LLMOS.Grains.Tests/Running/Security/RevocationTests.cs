using System.Diagnostics;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running.Security;

/// <summary>What a process may do in its turn, and what happens when that is taken away while it runs.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llmos-grains-").FullName;
    private RunningSystem _system = null!;

    private IInferenceGrain Engine => _system.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(Thinker.DefaultModel, 0));

    public async ValueTask InitializeAsync() =>
        _system = await RunningSystem.StartAsync(_folder, configure: services => services.AddSingleton<IProcessProgram, ProberProgram>());

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_region_that_may_only_be_read_is_not_written_through_a_child()
    {
        var owner = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "librarian", Program = ProcessPrograms.Mailbox })).Pid;
        var reader = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "reader", Program = ProberProgram.ProgramName, Permissions = Permissions.Agent | Permissions.SpawnAgent })).Pid;
        const string Region = "/shared/library";
        await _system.CallAsync("malloc", $$"""{"name":"{{Region}}"}""", asPid: owner);
        Assert.Contains("is another's and is not shared with it", await AskAsync(Permissions.ReadContext), StringComparison.Ordinal);
        await _system.CallAsync("share", $$"""{"region":"{{Region}}","pid":{{reader}},"mode":"read"}""", asPid: owner);
        Assert.Equal("done", await AskAsync(Permissions.ReadContext));
        Assert.Contains("is not shared with it for writing", await AskAsync(Permissions.WriteContext), StringComparison.Ordinal);
        await _system.CallAsync("share", $$"""{"region":"{{Region}}","pid":{{reader}},"mode":"write"}""", asPid: owner);
        Assert.Equal("done", await AskAsync(Permissions.WriteContext));

        async Task<string> AskAsync(Permissions permissions)
        {
            var answer = await _system.AskAsync(reader, $"spawn-in {Region} {permissions}");
            return answer.Headers.GetValueOrDefault(VmpHeaders.ErrorName) ?? answer.Payload;
        }
    }

    [Fact]
    public async Task A_running_generation_stops_when_its_process_may_not_read_any_more()
    {
        var agent = await _system.Table.SpawnAsync(new ProcessSpec { Name = "reader", Role = "You go on.", MaxTokensPerTurn = 7_000, Budget = 1_000_000 });
        var request = await _system.RequestAsync(agent.Pid, "Go on and on.");
        await _system.SeeAsync(agent.Pid, output => output.Kind == ProcessOutputKind.Text, "text");

        var watch = Stopwatch.StartNew();
        var left = await _system.Process(agent.Pid).RevokeAsync(Permissions.ReadContext);
        while ((await Engine.GetLoadAsync()).Active > 0)
        {
            Assert.True(watch.Elapsed < RunningSystem.Limit, "the engine goes on");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"the generation stopped {watch.Elapsed.TotalMilliseconds:0.0} ms after the revocation was asked for");
        Assert.Equal(Permissions.WriteContext, left);
        var response = await _system.ResponseAsync(request);
        Assert.Contains("READ_CONTEXT", response.Headers[VmpHeaders.ErrorName], StringComparison.Ordinal);

        // No text after the word that it is over; the turn is answered with why.
        var after = new List<ProcessOutputKind>();
        var lost = false;
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        await foreach (var output in _system.Process(agent.Pid).WatchAsync(0, limit.Token).WithCancellation(limit.Token))
        {
            lost |= output.Kind == ProcessOutputKind.StateChanged && output.Text == "lost READ_CONTEXT";
            if (lost)
            {
                after.Add(output.Kind);
            }

            if (output.Kind == ProcessOutputKind.TurnCommitted)
            {
                break;
            }
        }

        Assert.Equal([ProcessOutputKind.StateChanged, ProcessOutputKind.TurnRestarted, ProcessOutputKind.TurnStarted, ProcessOutputKind.TurnCommitted], after);
    }

    [Fact]
    public async Task A_watcher_is_cut_off_when_it_may_not_read_any_more()
    {
        var watcher = await SpawnAsync(Permissions.Agent);
        var watched = await _system.Table.SpawnAsync(new ProcessSpec { Name = "watched", Program = ProcessPrograms.Mailbox, ParentPid = watcher });
        await _system.Process(watched.Pid).SuspendAsync("to have something to show");
        var request = await _system.RequestAsync(watcher, $"watch {watched.Pid}");
        await _system.SeeAsync(watcher, output => output.Text == "seen", "that it watches");
        await _system.Process(watcher).RevokeAsync(Permissions.ReadContext);
        var response = await _system.ResponseAsync(request);
        Assert.Contains("READ_CONTEXT", response.Headers[VmpHeaders.ErrorName], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill {other}", "another's")]
    [InlineData("send-as {other}", "another's")]
    [InlineData("watch {other}", "another's")]
    [InlineData("log {other}", "another's")]
    [InlineData("generate-as {other}", "another's")]
    [InlineData("cat /proc/{other}/context", "another's")]
    [InlineData("make /proc/999999/context", "below /proc/")]
    [InlineData("cat /logs/system", "another's")]
    [InlineData("spawn ReadContext", "SPAWN_AGENT")]
    public async Task A_turn_has_its_process_permissions_and_not_the_kernels(string probe, string reason)
    {
        var prober = await SpawnAsync(Permissions.Agent);
        var other = await _system.Table.SpawnAsync(new ProcessSpec { Name = "other", Role = "You answer.", MaxTokensPerTurn = 2 });
        await _system.AskAsync(other.Pid, "Say something to keep.");
        var answer = await _system.AskAsync(prober, probe.Replace("{other}", $"{other.Pid}", StringComparison.Ordinal));
        var error = answer.Headers.GetValueOrDefault(VmpHeaders.ErrorName) ?? $"no error, but '{answer.Payload}'";
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.Contains($"process {prober} may not", error, StringComparison.Ordinal);
        var records = await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery());
        Assert.Contains(records, record => (record.Entry.Source == prober || record.Entry.Source == other.Pid)
            && record.Entry.Result.StartsWith("PermissionDenied: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_process_gives_its_children_no_more_than_it_has_left()
    {
        var prober = await SpawnAsync(Permissions.Agent | Permissions.SpawnAgent);
        Assert.Equal("done", (await _system.AskAsync(prober, "spawn ReadContext")).Payload);
        var answer = await _system.AskAsync(prober, "spawn Sudo");
        Assert.Contains("SUDO", answer.Headers[VmpHeaders.ErrorName], StringComparison.Ordinal);
        var child = (await _system.Process(prober).GetAsync()).ChildPids[0];
        Assert.Equal("done", (await _system.AskAsync(prober, $"kill {child}")).Payload);
    }

    [Fact]
    public async Task A_process_with_sudo_reaches_all()
    {
        var prober = await SpawnAsync(Permissions.All);
        var other = await _system.Table.SpawnAsync(new ProcessSpec { Name = "other", Program = ProcessPrograms.Mailbox });
        Assert.Equal("done", (await _system.AskAsync(prober, $"kill {other.Pid}")).Payload);
    }

    private async Task<long> SpawnAsync(Permissions permissions) => (await _system.Table.SpawnAsync(new ProcessSpec
    {
        Name = "prober",
        Program = ProberProgram.ProgramName,
        Permissions = permissions,
    })).Pid;
}
