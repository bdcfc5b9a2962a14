using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Tests.Running;

/// <summary>Processes that start after others.</summary>
public sealed class DependencyTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-dependencies-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_process_starts_when_those_it_waits_for_have_ended_well_also_over_a_restart()
    {
        long first, second, waiting;
        await using (var system = await RunningSystem.StartAsync(_data))
        {
            first = (await system.Table.SpawnAsync(Agent("first"))).Pid;
            second = (await system.Table.SpawnAsync(Agent("second"))).Pid;
            var process = await system.Table.SpawnAsync(Agent("waiting") with { After = [first, second] });
            waiting = process.Pid;
            Assert.Equal((ProcessState.Blocked, BlockReason.Dependency), (process.State, process.BlockedOn));
            Assert.Equal([first, second], process.WaitsFor);
            await system.RequestAsync(waiting, "Begin.");
            await system.Process(first).KillAsync(ExitReason.Done());
            await UntilAsync(system, waiting, state => state.WaitsFor is [var last] && last == second);
            Assert.Equal(0, (await system.Process(waiting).GetAsync()).Turns);
        }

        await using (var system = await RunningSystem.StartAsync(_data))
        {
            Assert.Equal(BlockReason.Dependency, (await system.Process(waiting).GetAsync()).BlockedOn);
            await system.Process(second).KillAsync(ExitReason.Done());
            await UntilAsync(system, waiting, state => state.Turns == 1 && state.WaitsFor.IsEmpty);
        }
    }

    [Fact]
    public async Task What_a_failure_means_is_said_by_the_policy()
    {
        await using var system = await RunningSystem.StartAsync(_data);
        var failing = (await system.Table.SpawnAsync(Agent("failing"))).Pid;
        var failed = (await system.Table.SpawnAsync(Agent("failed") with { After = [failing] })).Pid;
        var further = (await system.Table.SpawnAsync(Agent("further") with { After = [failed] })).Pid;
        var ignoring = (await system.Table.SpawnAsync(Agent("ignoring") with { After = [failing], AfterPolicy = DependencyPolicy.Ignore })).Pid;
        var patient = (await system.Table.SpawnAsync(Agent("patient") with { After = [failing], AfterPolicy = DependencyPolicy.Wait })).Pid;
        await system.Process(failing).KillAsync(ExitReason.Killed("no good"));

        var end = await system.Process(failed).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Fault, end.Exit?.Kind);
        Assert.Equal($"process {failing}, which it waits for, ended with code 137: no good", end.Exit!.Text);
        Assert.Equal(ExitKind.Fault, (await system.Process(further).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None)).Exit?.Kind);
        Assert.Null(VmpHeaders.ErrorOf(await system.AskAsync(ignoring, "Go.")));

        await system.SeeAsync(patient, output => output.Text.Contains("waits to be resumed", StringComparison.Ordinal), "that it is held");
        var request = await system.RequestAsync(patient, "Go.");
        Assert.Equal(BlockReason.Dependency, (await system.Process(patient).GetAsync()).BlockedOn);
        await system.Process(patient).ResumeAsync();
        Assert.Null(VmpHeaders.ErrorOf(await system.ResponseAsync(request)));

        // Who comes after the end is told at once.
        var late = await system.Table.SpawnAsync(Agent("late") with { After = [failing] });
        Assert.Equal(ProcessState.Terminated, late.State);
    }

    [Fact]
    public async Task What_is_not_there_and_what_goes_in_a_circle_is_refused_by_name()
    {
        await using var system = await RunningSystem.StartAsync(_data);
        var before = (await system.Table.ListAsync(new ProcessFilter())).Length;
        Assert.Contains("777", (await Assert.ThrowsAsync<LlmosException>(() => system.Table.SpawnAsync(Agent("x") with { After = [777] }))).Message, StringComparison.Ordinal);
        Assert.Contains("never ends", (await Assert.ThrowsAsync<LlmosException>(() => system.Table.SpawnAsync(Agent("x") with { After = [WellKnownPids.Init] }))).Message, StringComparison.Ordinal);
        var pids = await system.Table.AllocateAsync(3);
        var cycle = await Assert.ThrowsAsync<LlmosException>(() => system.Table.SpawnAllAsync(
        [
            new SpawnRequest(pids[0], Agent("a") with { After = [pids[1]] }),
            new SpawnRequest(pids[1], Agent("b") with { After = [pids[2]] }),
            new SpawnRequest(pids[2], Agent("c") with { After = [pids[0]] }),
        ]));
        Assert.Contains($"{pids[0]} → {pids[1]} → {pids[2]} → {pids[0]}", cycle.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await system.Table.ListAsync(new ProcessFilter())).Length);

        var chain = await system.Table.SpawnAllAsync(
        [
            new SpawnRequest(pids[0], Agent("a") with { After = [pids[1]] }),
            new SpawnRequest(pids[1], Agent("b") with { After = [pids[2]] }),
            new SpawnRequest(pids[2], Agent("c")),
        ]);
        Assert.Equal(pids, chain.Select(process => process.Pid));
        await system.RequestAsync(pids[0], "Last.");
        await system.Process(pids[2]).KillAsync(ExitReason.Done());
        await system.Process(pids[1]).KillAsync(ExitReason.Done());
        await UntilAsync(system, pids[0], state => state.Turns == 1);
    }

    private static async Task UntilAsync(RunningSystem system, long pid, Func<ProcessControlBlock, bool> condition)
    {
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        var process = await system.Process(pid).GetAsync();
        while (!condition(process))
        {
            Assert.True(DateTime.UtcNow < deadline, $"the process is {process}");
            await Task.Yield();
            process = await system.Process(pid).GetAsync();
        }
    }

    private static ProcessSpec Agent(string name) => new() { Name = name, Role = "You answer.", MaxTokensPerTurn = 12 };
}
