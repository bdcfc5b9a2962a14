using System.Collections.Immutable;
using LLMOS.Agents;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>What outlives the silo.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly WorkflowTemplate Relay = new()
    {
        Name = "relay",
        Region = "/context/relay-{slug}",
        Roles =
        [
            new WorkflowRole { Name = "first-agent", Prompt = "You begin.", Budget = 100_000, MaxTokensPerTurn = 1_000 },
            new WorkflowRole { Name = "second-agent", Prompt = "You go on.", Budget = 100_000, MaxTokensPerTurn = 20 },
        ],
        Routes =
        [
            new WorkflowRoute { From = "user", To = "first-agent" },
            new WorkflowRoute { From = "first-agent", To = "second-agent" },
            new WorkflowRoute { From = "second-agent", To = "user" },
        ],
    };

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-restart-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Messages_and_processes_outlive_the_silo_and_PIDs_are_never_given_twice()
    {
        ImmutableArray<long> pids;
        await using (var system = await RunningSystem.StartAsync(_data))
        {
            var sender = await system.Table.SpawnAsync(new ProcessSpec { Name = "sender", Program = ProcessPrograms.Mailbox });
            await system.Process(sender.Pid).SendAsync(new OutgoingMessage { To = WellKnownPids.Console, Payload = "remember me" });
            pids = (await system.Table.ListAsync(new ProcessFilter())).Select(process => process.Pid).ToImmutableArray();
        }

        await using (var system = await RunningSystem.StartAsync(_data))
        {
            var message = await system.Console.PeekAsync(MessageFilter.Any, RunningSystem.Limit, CancellationToken.None);
            Assert.Equal("remember me", message?.Payload);
            Assert.True(await system.Console.ConsumeAsync(message!.MessageId));
            Assert.False(await system.Console.ConsumeAsync(message.MessageId));
            Assert.Equal(pids, (await system.Table.ListAsync(new ProcessFilter())).Select(process => process.Pid));
            var next = await system.Table.SpawnAsync(new ProcessSpec { Name = "next", Program = ProcessPrograms.Mailbox });
            Assert.DoesNotContain(next.Pid, pids);
        }

        await using (var system = await RunningSystem.StartAsync(_data))
        {
            Assert.Null(await system.Console.PeekAsync(MessageFilter.Any, TimeSpan.FromMilliseconds(300), CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_run_whose_silo_stops_waits_suspended_and_ends_when_it_is_resumed()
    {
        await using (var system = await RunningSystem.StartAsync(_data))
        {
            var run = await system.Grains.GetGrain<IAgentGroupGrain>("relay-1").StartAsync(new RunRequest { Template = Relay, Request = "Build a chat server" });
            await system.SeeAsync(run.Members[1].Pid, output => output.Kind == ProcessOutputKind.Text, "text");
        }

        await using (var system = await RunningSystem.StartAsync(_data, new BootRequest { ResumeRuns = false }))
        {
            var group = system.Grains.GetGrain<IAgentGroupGrain>("relay-1");
            var run = await group.GetAsync();
            Assert.Equal(RunStatus.Interrupted, run.Status);
            foreach (var member in run.Members)
            {
                Assert.Equal(ProcessState.Suspended, (await system.Process(member.Pid).GetAsync()).State);
            }

            await group.ResumeAsync();
            run = await group.WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
            Assert.True(run.Status == RunStatus.Completed, $"{run.Status}: {run.Failure}");
            Assert.Equal("/context/relay-chatserver", run.Region);
            var said = await system.Grains.GetGrain<IContextRegionGrain>(run.Region).ReadAsync();
            Assert.Equal(["user", "first-agent", "second-agent"], said.Select(entry => entry.Author));
            Assert.Equal(run.Result, said[^1].Text);
            Assert.Empty(await system.Grains.GetGrain<IAgentGroupDirectoryGrain>(0).UnfinishedAsync());

            // The same request again is a run of its own, with a region of its own.
            var again = await system.Grains.GetGrain<IAgentGroupGrain>("relay-2").StartAsync(new RunRequest { Template = Relay, Request = "Build a chat server" });
            Assert.Equal("/context/relay-chatserver-2", again.Region);
            await system.Grains.GetGrain<IAgentGroupGrain>("relay-2").CancelAsync("enough");
            again = await system.Grains.GetGrain<IAgentGroupGrain>("relay-2").WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
            Assert.Equal(RunStatus.Cancelled, again.Status);
            foreach (var member in again.Members)
            {
                Assert.Equal(ProcessState.Terminated, (await system.Process(member.Pid).GetAsync()).State);
            }
        }
    }

    [Fact]
    public async Task A_silo_that_stands_alone_goes_on_with_its_runs_by_itself()
    {
        await using (var system = await RunningSystem.StartAsync(_data))
        {
            var run = await system.Grains.GetGrain<IAgentGroupGrain>("relay-3").StartAsync(new RunRequest { Template = Relay, Request = "Build a file server" });
            await system.SeeAsync(run.Members[1].Pid, output => output.Kind == ProcessOutputKind.Text, "text");
        }

        await using (var system = await RunningSystem.StartAsync(_data))
        {
            var run = await system.Grains.GetGrain<IAgentGroupGrain>("relay-3").WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
            Assert.True(run.Status == RunStatus.Completed, $"{run.Status}: {run.Failure}");
        }
    }

    [Fact]
    public async Task A_run_fails_with_the_member_that_is_killed_and_says_which()
    {
        await using var system = await RunningSystem.StartAsync(_data);
        var group = system.Grains.GetGrain<IAgentGroupGrain>("relay-4");
        var run = await group.StartAsync(new RunRequest { Template = Relay, Request = "Build a thing" });
        await system.Process(run.Members[2].Pid).KillAsync(ExitReason.Killed("not wanted"));
        run = await group.WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Equal($"second-agent ({run.Members[2].Pid}) could not go on: not wanted", run.Failure);
        var error = await Assert.ThrowsAsync<LlmosException>(() => group.StartAsync(new RunRequest { Template = Relay, Request = "Again" }));
        Assert.Equal(LlmosErrorCode.FailedPrecondition, error.Code);
    }

    [Fact]
    public async Task A_store_with_vectors_of_another_space_is_not_booted()
    {
        await using (await RunningSystem.StartAsync(_data))
        {
        }

        var error = await Assert.ThrowsAsync<LlmosException>(() => RunningSystem.StartAsync(
            _data, configure: services => services.AddSingleton<IVectorSpace>(new HashingEmbedder(64))));
        Assert.Contains("lexical-hash-1/256", error.Message, StringComparison.Ordinal);
        Assert.Contains("lexical-hash-1/64", error.Message, StringComparison.Ordinal);
        Assert.Contains("stage 1", error.Message, StringComparison.Ordinal);
    }
}
