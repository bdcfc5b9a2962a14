using System.Text;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Silo.Models;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>Turns at durability token that are cut short: what was shown stays, and the turn goes on behind it.</summary>
public sealed class TokenDurabilityTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private const int Tokens = 1_000;

    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task A_process_that_is_suspended_while_it_speaks_goes_on_when_it_is_resumed()
    {
        var agent = await _system.Table.SpawnAsync(Agent("patient"));
        var request = await _system.RequestAsync(agent.Pid, "Count the stars.");
        await SeeTextAsync(agent.Pid, pieces: 2);
        await _system.Process(agent.Pid).SuspendAsync("a pause");
        await UntilAsync(async () => (await _system.Process(agent.Pid).GetAsync()).Budget.Consumed > 0, "what was computed is charged");
        var paused = await _system.Process(agent.Pid).GetAsync();
        Assert.Equal((ProcessState.Suspended, 0L), (paused.State, paused.Turns));

        await _system.Process(agent.Pid).ResumeAsync();
        var response = await _system.ResponseAsync(request);

        await AssertSaidOnceAsync(agent.Pid, request, response.Payload);
        var after = await _system.Process(agent.Pid).GetAsync();
        Assert.Equal(Tokens, after.CompletionTokens);

        // The prompt was computed by both attempts, or kept in memory for the second; what was said was charged once.
        var prompts = after.Budget.Consumed - Tokens;
        Assert.InRange(prompts, after.PromptTokens, 3 * (after.Context.CurrentLength - Tokens));

        // It goes with the mark that the message is done with, which follows the answer.
        await UntilAsync(async () => await Log.FindAsync(agent.Pid, TestContext.Current.CancellationToken) is null, "what was said is kept no more");
    }

    [Fact]
    public async Task A_generation_that_breaks_off_is_gone_on_with()
    {
        var agent = await _system.Table.SpawnAsync(Agent("steady"));
        var request = await _system.RequestAsync(agent.Pid, "Count the waves.");
        await SeeTextAsync(agent.Pid, pieces: 2);

        // Ends the sequence in the engine, as one that breaks down does.
        await Engine.ReleaseAsync(agent.Pid);
        await _system.SeeAsync(agent.Pid, output => output.Text.Contains("the turn goes on after its", StringComparison.Ordinal), "that it goes on");
        var response = await _system.ResponseAsync(request);

        await AssertSaidOnceAsync(agent.Pid, request, response.Payload);
        Assert.Equal(Tokens, (await _system.Process(agent.Pid).GetAsync()).CompletionTokens);
    }

    [Fact]
    public async Task A_turn_that_has_begun_to_speak_is_finished_before_a_more_urgent_message()
    {
        var agent = await _system.Table.SpawnAsync(Agent("orderly"));
        var begun = await _system.RequestAsync(agent.Pid, "Count the trees.");
        await SeeTextAsync(agent.Pid, pieces: 2);
        await _system.Process(agent.Pid).SuspendAsync("a pause");
        var urgent = await _system.Table.SpawnAsync(new ProcessSpec { Name = "hurried", Program = ProcessPrograms.Mailbox });
        await _system.Process(urgent.Pid).SendAsync(new OutgoingMessage { To = agent.Pid, Payload = "Quick!", Priority = new ProcessPriority(ProcessPriority.Highest) });
        await UntilAsync(async () => (await _system.Process(agent.Pid).GetAsync()).Waiting == 2, "both messages wait");

        await _system.Process(agent.Pid).ResumeAsync();

        var first = await _system.SeeAsync(agent.Pid, output => output.Kind == ProcessOutputKind.TurnCommitted, "a commit");
        Assert.Equal(begun.MessageId, first.MessageId);
        await _system.ResponseAsync(begun);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_speaks_pays_for_what_it_said_and_leaves_no_log()
    {
        var agent = await _system.Table.SpawnAsync(Agent("victim"));
        await _system.RequestAsync(agent.Pid, "Count the clouds.");
        await SeeTextAsync(agent.Pid, pieces: 2);
        await _system.Process(agent.Pid).SuspendAsync("a pause");
        await _system.Process(agent.Pid).ResumeAsync();
        var shown = await SeeTextAsync(agent.Pid, pieces: 3);

        await _system.Process(agent.Pid).KillAsync(ExitReason.Killed("enough"));
        var ended = await _system.Process(agent.Pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);

        Assert.Equal(137, ended.Exit!.Code);
        Assert.True(ended.Budget.Consumed >= shown, $"{ended.Budget.Consumed} tokens are charged and {shown} were shown");
        await UntilAsync(async () => await Log.FindAsync(agent.Pid) is null, "the log is gone");
    }

    [Fact]
    public async Task What_the_silo_that_stopped_has_shown_the_next_one_shows_first()
    {
        var data = Directory.CreateTempSubdirectory("llmos-token-").FullName;
        try
        {
            long pid;
            VmpMessage request;
            string shown;
            await using (var system = await RunningSystem.StartAsync(data))
            {
                pid = (await system.Table.SpawnAsync(Agent("lasting"))).Pid;
                request = await system.RequestAsync(pid, "Count the drops.");
                await system.SeeAsync(pid, output => output.Kind == ProcessOutputKind.Text, "text");
                shown = await TextSoFarAsync(system, pid);
            }

            await using (var system = await RunningSystem.StartAsync(data))
            {
                var response = await system.ResponseAsync(request);
                Assert.StartsWith(shown, response.Payload, StringComparison.Ordinal);
                Assert.Equal(response.Payload, (await ReadTurnAsync(system, pid, request)).Text);
                var process = await system.Process(pid).GetAsync();
                Assert.Equal((1L, Tokens), (process.Turns, process.CompletionTokens));
                Assert.Null(await system.Services.GetRequiredService<ITurnLog>().FindAsync(pid, TestContext.Current.CancellationToken));
                Assert.Equal(
                    ["Count the drops.", response.Payload],
                    (await system.Grains.GetGrain<IContextRegionGrain>(process.Context.Region).ReadAsync()).Select(entry => entry.Text));
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task What_cannot_go_on_with_a_text_is_refused_where_it_is_spawned()
    {
        var mailbox = await Assert.ThrowsAsync<LlmosException>(
            () => _system.Table.SpawnAsync(Agent("box") with { Program = ProcessPrograms.Mailbox }));
        Assert.Equal("'box' cannot have the durability token: the program 'mailbox' generates no tokens that could be logged; leave it at turn.", mailbox.Message);

        var data = Directory.CreateTempSubdirectory("llmos-token-").FullName;
        try
        {
            await using var system = await RunningSystem.StartAsync(data, with: options => options.Models.Remote["served"] = new RemoteModelOptions
            {
                Endpoint = new Uri("http://127.0.0.1:9/v1"),
                Model = "served",
            });
            var spawned = await Assert.ThrowsAsync<LlmosException>(() => system.Table.SpawnAsync(Agent("far") with { Model = "served" }));
            Assert.Equal(LlmosErrorCode.InvalidArgument, spawned.Code);
            Assert.StartsWith("'far' cannot have the durability token with the model 'served': it runs on a server", spawned.Message, StringComparison.Ordinal);

            var near = await system.Table.SpawnAsync(Agent("near"));
            var swapped = await Assert.ThrowsAsync<LlmosException>(() => system.Process(near.Pid).SwapModelAsync("served"));
            Assert.StartsWith("'near' cannot have the durability token with the model 'served'", swapped.Message, StringComparison.Ordinal);
            Assert.Equal("", (await system.Process(near.Pid).GetAsync()).RequestedModel);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private IInferenceGrain Engine => _system.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(InferenceKeys.DefaultModel, 0));

    private ITurnLog Log => _system.Services.GetRequiredService<ITurnLog>();

    private static ProcessSpec Agent(string name) => new()
    {
        Name = name,
        Role = "You count.",
        MaxTokensPerTurn = Tokens,
        Budget = 1_000_000,
        BudgetSlice = TimeSpan.FromHours(1),
        Durability = ProcessDurability.Token,
    };

    /// <summary>What watchers saw of a turn is its text, each token once and nothing taken back.</summary>
    private async Task AssertSaidOnceAsync(long pid, VmpMessage request, string expected)
    {
        var (text, tokens) = await ReadTurnAsync(_system, pid, request);
        Assert.Equal(expected, text);
        Assert.Equal(Tokens, tokens);
    }

    private static async Task<(string Text, int Tokens)> ReadTurnAsync(RunningSystem system, long pid, VmpMessage request)
    {
        var text = new StringBuilder();
        var tokens = 0;
        using var limit = new CancellationTokenSource(RunningSystem.Limit);
        await foreach (var output in system.Process(pid).WatchAsync(0, limit.Token).WithCancellation(limit.Token))
        {
            Assert.NotEqual(ProcessOutputKind.TurnRestarted, output.Kind);
            if (output.MessageId == request.MessageId && output.Kind == ProcessOutputKind.Text)
            {
                text.Append(output.Text);
                tokens += output.Tokens;
            }
            else if (output.MessageId == request.MessageId && output.Kind == ProcessOutputKind.TurnCommitted)
            {
                break;
            }
        }

        return (text.ToString(), tokens);
    }

    /// <returns>The tokens that were shown by then.</returns>
    private async Task<int> SeeTextAsync(long pid, int pieces)
    {
        var tokens = 0;
        await _system.SeeAsync(
            pid,
            output =>
            {
                tokens += output.Kind == ProcessOutputKind.Text ? output.Tokens : 0;
                return output.Kind == ProcessOutputKind.Text && --pieces == 0;
            },
            "so much text");
        return tokens;
    }

    private static async Task<string> TextSoFarAsync(RunningSystem system, long pid)
    {
        var text = new StringBuilder();
        var pieces = 0;
        await system.SeeAsync(
            pid,
            output =>
            {
                text.Append(output.Kind == ProcessOutputKind.Text ? output.Text : "");
                return output.Kind == ProcessOutputKind.Text && ++pieces == 3;
            },
            "three pieces of text");
        return text.ToString();
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"Not within {RunningSystem.Limit}: {what}.");
            await Task.Yield();
        }
    }
}
