using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>How processes begin anew, reach the limits of their life, and leave parents and children.</summary>
public sealed class LifecycleTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-lifecycle-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_turn_that_fails_is_tried_again_and_what_it_spent_is_spent()
    {
        await using var system = await StartAsync();
        var process = await system.Table.SpawnAsync(Failing("stubborn") with { Restart = RestartPolicy.OnFailure, RestartDelay = TimeSpan.FromMilliseconds(20) });
        Assert.Equal("done at attempt 4", (await system.AskAsync(process.Pid, "fail 3")).Payload);
        var after = await system.Process(process.Pid).GetAsync();
        Assert.Equal((3, 1L, 31L), (after.Restarts, after.Turns, (await system.Process(process.Pid).GetLimitsAsync()).TotalTokens));

        // A good turn begins the count of failures anew.
        Assert.Equal("done at attempt 6", (await system.AskAsync(process.Pid, "fail 5")).Payload);
        var answer = await system.AskAsync(process.Pid, "fail 6");
        Assert.Contains("attempt 6 was to fail", answer.Headers[VmpHeaders.ErrorName], StringComparison.Ordinal);
        var ended = await system.Process(process.Pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Fault, ended.Exit?.Kind);
    }

    [Fact]
    public async Task The_delay_before_a_beginning_outlives_the_silo()
    {
        long pid;
        VmpMessage request;
        DateTimeOffset begins;
        await using (var system = await StartAsync())
        {
            pid = (await system.Table.SpawnAsync(Failing("delayed") with { Restart = RestartPolicy.OnFailure, RestartDelay = TimeSpan.FromSeconds(5) })).Pid;
            request = await system.RequestAsync(pid, "fail 1");
            await system.SeeAsync(pid, output => output.Kind == ProcessOutputKind.TurnRestarted, "that it begins anew");
            var waiting = await system.Process(pid).GetAsync();
            Assert.Equal((BlockReason.Restart, 1), (waiting.BlockedOn, waiting.Restarts));
            begins = waiting.RestartsAt!.Value;
        }

        await using (var system = await StartAsync())
        {
            // The program of this life knows nothing of the first attempt, so it fails once more and is then done: after
            // the rest of the first delay and the second one, which is twice as long.
            var response = await system.ResponseAsync(request);
            Assert.Equal("done at attempt 2", response.Payload);
            Assert.Equal(2, (await system.Process(pid).GetAsync()).Restarts);
            Assert.True(response.Timestamp >= begins + TimeSpan.FromSeconds(10), $"it was done at {response.Timestamp:O} and first began at {begins:O}");
        }
    }

    [Fact]
    public async Task Always_means_after_a_good_end_too_but_not_after_a_kill()
    {
        await using var system = await StartAsync();
        var process = await system.Table.SpawnAsync(Failing("undying") with { Restart = RestartPolicy.Always });
        Assert.Equal("ended", (await system.AskAsync(process.Pid, "exit")).Payload);
        Assert.Equal("done at attempt 1", (await system.AskAsync(process.Pid, "go on")).Payload);
        Assert.Equal(1, (await system.Process(process.Pid).GetAsync()).Restarts);
        await system.Process(process.Pid).KillAsync(ExitReason.Killed("enough"));
        Assert.Equal(ProcessState.Terminated, (await system.Process(process.Pid).GetAsync()).State);
    }

    [Fact]
    public async Task Turns_tokens_and_time_end_a_process_and_it_says_which()
    {
        await using var system = await StartAsync();
        var turns = await system.Table.SpawnAsync(Failing("turns") with { MaxTurns = 2 });
        await system.AskAsync(turns.Pid, "one");
        await system.AskAsync(turns.Pid, "two");
        Assert.Equal("it has had all of its 2 turns", (await EndOfAsync(system, turns.Pid)).Text);

        var tokens = await system.Table.SpawnAsync(new ProcessSpec { Name = "tokens", Role = "You answer.", MaxTokensPerTurn = 20, MaxTokens = 90 });
        await system.AskAsync(tokens.Pid, "Spend.");
        await system.RequestAsync(tokens.Pid, $"Spend more: {new string('x', 60)}.");
        Assert.Contains("90 tokens", (await EndOfAsync(system, tokens.Pid)).Text, StringComparison.Ordinal);

        // In the middle of a turn.
        var time = await system.Table.SpawnAsync(Failing("time") with { MaxLifetime = TimeSpan.FromSeconds(2) });
        await system.RequestAsync(time.Pid, "wait");
        var end = await EndOfAsync(system, time.Pid);
        Assert.Equal((ExitKind.Limit, "its time of 2 s is over"), (end.Kind, end.Text));
    }

    [Fact]
    public async Task Children_of_one_that_ends_become_inits_or_end_with_it()
    {
        await using var system = await StartAsync();
        var parent = await system.Table.SpawnAsync(Failing("parent"));
        var child = await system.Table.SpawnAsync(Failing("child") with { ParentPid = parent.Pid });
        var grandchild = await system.Table.SpawnAsync(Failing("grandchild") with { ParentPid = child.Pid });
        var brief = await system.Table.SpawnAsync(Failing("brief") with { ParentPid = child.Pid });
        await system.Process(brief.Pid).KillAsync(ExitReason.Done());
        Assert.Equal([grandchild.Pid], (await system.Process(child.Pid).GetAsync()).ChildPids);

        await system.Process(parent.Pid).KillAsync(ExitReason.Done());
        Assert.Equal(WellKnownPids.Init, (await system.Process(child.Pid).GetAsync()).ParentPid);
        await system.Process(parent.Pid).KillTreeAsync(ExitReason.Killed("it has no children now"));
        Assert.NotEqual(ProcessState.Terminated, (await system.Process(child.Pid).GetAsync()).State);

        await system.Process(child.Pid).KillTreeAsync(ExitReason.Killed("all of them"));
        Assert.Equal("all of them", (await EndOfAsync(system, child.Pid)).Text);
        Assert.Equal("all of them", (await EndOfAsync(system, grandchild.Pid)).Text);
    }

    private static async Task<ExitReason> EndOfAsync(RunningSystem system, long pid)
    {
        var ended = await system.Process(pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ProcessState.Terminated, ended.State);
        return ended.Exit!;
    }

    private Task<RunningSystem> StartAsync() =>
        RunningSystem.StartAsync(_data, configure: services => services.AddSingleton<IProcessProgram, FailingProgram>());

    private static ProcessSpec Failing(string name) => new() { Name = name, Program = "failing" };
}
