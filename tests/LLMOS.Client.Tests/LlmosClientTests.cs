using LLMOS.Agents;
using LLMOS.Client.Watching;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.SystemInterface.Boot;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Serialization.Configuration;

namespace LLMOS.Client.Tests;

/// <summary>The client on a real silo with a real model.</summary>
public sealed class LlmosClientTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly WorkflowTemplate Pair = new()
    {
        Name = "pair",
        Region = "/context/pair-{slug}",
        Roles =
        [
            new WorkflowRole { Name = "writer", Prompt = "Write it.", MaxTokensPerTurn = 40 },
            new WorkflowRole { Name = "critic", Prompt = "Judge it.", MaxTokensPerTurn = 30 },
        ],
        Routes =
        [
            new WorkflowRoute { From = WorkflowRoute.User, To = "writer" },
            new WorkflowRoute { From = "writer", To = "critic", Times = 1 },
            new WorkflowRoute { From = "critic", To = "writer" },
            new WorkflowRoute { From = "writer", To = WorkflowRoute.User },
        ],
    };

    private LlmosClient Client => system.Client;

    [Fact]
    public async Task Boot_has_four_stages_and_a_second_one_yields_the_same()
    {
        Assert.Equal(Enum.GetValues<BootStage>(), system.Boot.Select(progress => progress.Stage));
        Assert.Equal(system.Boot, await Client.BootAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_process_is_spawned_resolved_controlled_and_killed()
    {
        var process = await Client.SpawnAsync(new ProcessSpec { Name = "controlled", Priority = new ProcessPriority(12) });
        Assert.Equal(process.Pid, await Client.ResolveAsync("controlled"));
        Assert.Equal(process.Pid, await Client.ResolveAsync($"{process.Pid}"));

        await Client.SetPriorityAsync(process.Pid, ProcessPriority.Of(PriorityClass.High));
        await Client.SuspendAsync(process.Pid);
        var suspended = await Client.GetProcessAsync(process.Pid);
        Assert.Equal((ProcessState.Suspended, PriorityClass.High), (suspended.State, suspended.Priority.Class));
        await Client.ResumeAsync(process.Pid);
        Assert.Equal(ProcessState.Blocked, (await Client.GetProcessAsync(process.Pid)).State);
        await Client.KillAsync(process.Pid, "enough");
        var killed = await Client.GetProcessAsync(process.Pid);
        Assert.Equal((ProcessState.Terminated, 137, "enough"), (killed.State, killed.Exit!.Code, killed.Exit.Text));
        Assert.DoesNotContain(await Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true }), listed => listed.Pid == process.Pid);
    }

    [Fact]
    public async Task A_message_is_received_once_and_a_wait_ends_in_time()
    {
        var inbox = await Client.SpawnAsync(new ProcessSpec { Name = "inbox", Program = ProcessPrograms.Mailbox });
        Assert.Null(await Client.ReceiveAsync(inbox.Pid, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Null(await Client.ReceiveAsync(inbox.Pid, timeout: TimeSpan.FromMilliseconds(50), cancellationToken: TestContext.Current.CancellationToken));

        var sent = await Client.SendAsync(new OutgoingMessage { To = inbox.Pid, Payload = "hello", CorrelationId = "c" });
        Assert.Null(await Client.ReceiveAsync(inbox.Pid, new MessageFilter { CorrelationId = "other" }, cancellationToken: TestContext.Current.CancellationToken));
        var received = await Client.ReceiveAsync(inbox.Pid, new MessageFilter { CorrelationId = "c" }, Limit, TestContext.Current.CancellationToken);

        Assert.Equal((sent.MessageId, "hello", WellKnownPids.Console), (received!.MessageId, received.Payload, received.From));
        Assert.Null(await Client.ReceiveAsync(inbox.Pid, cancellationToken: TestContext.Current.CancellationToken));
        var logged = Assert.Single(await Client.QueryMessagesAsync(new MessageQuery { Pid = inbox.Pid }));
        Assert.Equal(DeliveryState.Consumed, logged.State);
    }

    [Fact]
    public async Task An_answer_finds_its_question_among_many()
    {
        var agent = await Client.SpawnAsync(new ProcessSpec { Name = "answers", Role = "You answer.", MaxTokensPerTurn = 12 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Client.AskAsync(agent.Pid, $"Question {i}", Limit, TestContext.Current.CancellationToken)));

        Assert.Equal(4, answers.Select(answer => answer.CorrelationId).Distinct().Count());
        var log = await Client.QueryMessagesAsync(new MessageQuery { Pid = agent.Pid });
        foreach (var answer in answers)
        {
            var pair = log.Where(logged => logged.Message.CorrelationId == answer.CorrelationId).ToArray();
            Assert.Equal([VmpMessageType.Request, VmpMessageType.Response], pair.Select(logged => logged.Message.MessageType));
            Assert.Equal(answer.MessageId, pair[1].Message.MessageId);
        }
    }

    [Fact]
    public async Task A_question_to_one_that_ends_or_is_late_is_answered_by_a_sentence()
    {
        var late = await Client.SpawnAsync(new ProcessSpec { Name = "late", Role = "You wait." });
        await Client.SuspendAsync(late.Pid);
        var timeout = await Assert.ThrowsAsync<LlmosException>(() => Client.AskAsync(late.Pid, "Well?", TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken));
        Assert.StartsWith($"Process {late.Pid} (late) has not answered in time; it is SUSPENDED", timeout.Message, StringComparison.Ordinal);

        var asking = Client.AskAsync(late.Pid, "And now?", cancellationToken: TestContext.Current.CancellationToken);
        await Client.KillAsync(late.Pid, "no more");
        var ended = await Assert.ThrowsAsync<LlmosException>(() => asking);
        Assert.Contains($"Process {late.Pid} (late)", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_watched_is_what_is_answered()
    {
        var agent = await Client.SpawnAsync(new ProcessSpec { Name = "shown", Role = "You answer.", MaxTokensPerTurn = 24 });
        var outputs = await Client.AskStreamingAsync(agent.Pid, "Say something", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var text = string.Concat(outputs.Where(output => output.Kind == ProcessOutputKind.Text).Select(output => output.Text));

        Assert.Equal(ProcessOutputKind.TurnCommitted, outputs[^1].Kind);
        var response = (await Client.QueryMessagesAsync(new MessageQuery { Pid = agent.Pid })).Single(logged => logged.Message.MessageType == VmpMessageType.Response);
        Assert.Equal(response.Message.Payload, text);
        Assert.Equal(DeliveryState.Consumed, response.State);
    }

    [Fact]
    public async Task Watchers_of_a_run_see_every_committed_turn_once_early_or_late()
    {
        var started = await Client.StartRunAsync(new RunRequest { Template = Pair, Request = "Make a clock" });
        var early = await WatchAsync(started.RunId);
        var late = await WatchAsync(started.RunId);

        var run = Assert.IsType<RunStatusChange>(early[^1]).Run;
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal("/context/pair-clock", run.Region);
        var said = (await Client.ReadRegionAsync(run.Region)).Skip(1).GroupBy(entry => entry.Author)
            .ToDictionary(entries => entries.Key, entries => string.Concat(entries.Select(entry => entry.Text)));
        foreach (var events in new[] { early, late })
        {
            Assert.Equal(said.OrderBy(entry => entry.Key), Texts(events).OrderBy(entry => entry.Key));
            Assert.IsType<RunStatusChange>(events[^1]);
        }

        Assert.Contains(await Client.ListRunsAsync(TestContext.Current.CancellationToken), listed => listed.RunId == started.RunId);
    }

    [Fact]
    public async Task A_run_is_interrupted_and_resumed_while_it_is_watched()
    {
        var template = Pair with { Roles = [.. Pair.Roles.Select(role => role with { MaxTokensPerTurn = 300 })] };
        var started = await Client.StartRunAsync(new RunRequest { Template = template, Request = "Make a lamp" });
        var interrupted = false;
        RunSnapshot? last = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        await foreach (var happened in Client.WatchRunAsync(started.RunId, limit.Token))
        {
            if (!interrupted && happened is RunOutput { Output.Kind: ProcessOutputKind.Text })
            {
                interrupted = true;
                await Client.InterruptRunAsync(started.RunId);
                Assert.Equal(RunStatus.Interrupted, (await Client.GetRunAsync(started.RunId)).Status);
                await Client.ResumeRunAsync(started.RunId);
            }

            last = (happened as RunStatusChange)?.Run ?? last;
        }

        Assert.True(interrupted);
        Assert.Equal(RunStatus.Completed, last!.Status);
        Assert.NotEmpty(last.Result!);
    }

    [Fact]
    public async Task What_does_not_exist_is_named()
    {
        await AssertMissingAsync(() => Client.GetProcessAsync(4711), "4711");
        await AssertMissingAsync(() => Client.ResolveAsync("nobody"), "nobody");
        await AssertMissingAsync(() => Client.GetRunAsync("nothing"), "nothing");
        await AssertMissingAsync(() => Client.ReadRegionAsync("/context/nothing"), "/context/nothing");
        await AssertMissingAsync(async () => await Client.WatchAsync(4711, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken), "4711");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_elsewhere_connects_through_a_gateway(bool ownContractsOnly)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLlmosClient(options =>
        {
            options.Gateways.Add($"127.0.0.1:{system.GatewayPort}");
            options.OwnContractsOnly = ownContractsOnly;
        });
        using var host = builder.Build();
        var described = host.Services.GetRequiredService<IOptions<TypeManifestOptions>>().Value;
        Assert.Contains(described.Serializers, type => type.Assembly == typeof(ProcessControlBlock).Assembly);
        Assert.Equal(ownContractsOnly, described.Serializers.All(type => type.Assembly.GetName().Name is not ("Orleans.Runtime" or "LLMOS.Grains")));
        await host.StartAsync(TestContext.Current.CancellationToken);
        var remote = host.Services.GetRequiredService<LlmosClient>();

        Assert.Equal(WellKnownPids.Console, await remote.ResolveAsync("console"));
        var agent = await remote.SpawnAsync(new ProcessSpec { Name = "far", Role = "You answer.", MaxTokensPerTurn = 8 });
        var outputs = await remote.AskStreamingAsync(agent.Pid, "Hello", TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ProcessOutputKind.TurnCommitted, outputs[^1].Kind);
        var missing = await Assert.ThrowsAsync<LlmosException>(() => remote.GetProcessAsync(4711));
        Assert.Equal(LlmosErrorCode.NotFound, missing.Code);
        await remote.KillAsync(agent.Pid);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AssertMissingAsync(Func<Task> act, string named)
    {
        var missing = await Assert.ThrowsAsync<LlmosException>(act);
        Assert.Equal(LlmosErrorCode.NotFound, missing.Code);
        Assert.Contains(named, missing.Message, StringComparison.Ordinal);
    }

    private async Task<List<RunEvent>> WatchAsync(string runId)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        return await Client.WatchRunAsync(runId, limit.Token).ToListAsync(limit.Token);
    }

    /// <summary>The text of each role's committed turns.</summary>
    private static Dictionary<string, string> Texts(IEnumerable<RunEvent> events)
    {
        var committed = new Dictionary<string, string>();
        var turns = new Dictionary<string, string>();
        foreach (var (role, _, output) in events.OfType<RunOutput>())
        {
            switch (output.Kind)
            {
                case ProcessOutputKind.TurnStarted or ProcessOutputKind.TurnRestarted:
                    turns[role] = "";
                    break;
                case ProcessOutputKind.Text:
                    turns[role] += output.Text;
                    break;
                case ProcessOutputKind.TurnCommitted when turns[role].Length > 0:
                    committed[role] = committed.GetValueOrDefault(role, "") + turns[role];
                    break;
                default:
                    break;
            }
        }

        return committed;
    }
}
