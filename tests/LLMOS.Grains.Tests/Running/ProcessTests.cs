using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running;

public sealed class ProcessTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task An_agent_answers_remembers_and_is_charged_for_what_was_computed()
    {
        var agent = await _system.Table.SpawnAsync(Agent("answerer"));
        var first = await _system.AskAsync(agent.Pid, "What is the capital of France, and how many people live there?");
        var afterFirst = await _system.Process(agent.Pid).GetAsync();
        var second = await _system.AskAsync(agent.Pid, "And of Spain?");
        var afterSecond = await _system.Process(agent.Pid).GetAsync();

        Assert.Equal(VmpMessageType.Response, first.MessageType);
        Assert.NotEmpty(first.Payload);
        Assert.Equal(ProcessState.Blocked, afterSecond.State);
        Assert.Equal(BlockReason.Receive, afterSecond.BlockedOn);
        Assert.Equal(2, afterSecond.Turns);
        Assert.Equal("random-tiny", afterSecond.Model);
        Assert.Equal(afterSecond.PromptTokens + afterSecond.CompletionTokens, afterSecond.Budget.Consumed);
        Assert.True(afterSecond.CpuTime > afterFirst.CpuTime);

        // The second prompt has the first one, its answer and the new question; the KV of the first turn was still there.
        var computed = afterSecond.PromptTokens - afterFirst.PromptTokens;
        Assert.True(computed < afterSecond.Context.CurrentLength / 2, $"{computed} tokens were computed of {afterSecond.Context.CurrentLength}");
        var region = await _system.Grains.GetGrain<IContextRegionGrain>(afterSecond.Context.Region).ReadAsync();
        Assert.Equal(
            ["What is the capital of France, and how many people live there?", first.Payload, "And of Spain?", second.Payload],
            region.Select(entry => entry.Text));
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_thinks_ends_at_once_and_gives_its_place_back()
    {
        var agent = await _system.Table.SpawnAsync(Agent("victim") with { MaxTokensPerTurn = 4_000, Budget = 1_000_000 });
        await _system.RequestAsync(agent.Pid, "Go on and on.");
        await _system.SeeAsync(agent.Pid, output => output.Kind == ProcessOutputKind.Text, "text");
        Assert.Equal(ProcessState.Thinking, (await _system.Process(agent.Pid).GetAsync()).State);

        await _system.Process(agent.Pid).KillAsync(ExitReason.Killed("the test said so"));
        var ended = await _system.Process(agent.Pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);

        Assert.Equal(ProcessState.Terminated, ended.State);
        Assert.Equal(137, ended.Exit!.Code);
        Assert.Equal(0, ended.Turns);
        await UntilAsync(async () => (await Engine.GetLoadAsync()).Active == 0, "the engine is idle");
        var refusal = await Assert.ThrowsAsync<LlmosException>(() => _system.RequestAsync(agent.Pid, "Are you there?"));
        Assert.Equal($"Process {agent.Pid} (victim) has ended and takes no messages.", refusal.Message);
        await _system.Process(agent.Pid).KillAsync(ExitReason.Killed("again"));
        Assert.Equal("the test said so", (await _system.Process(agent.Pid).GetAsync()).Exit!.Text);
    }

    [Fact]
    public async Task A_process_that_is_suspended_while_it_thinks_says_the_same_when_it_is_resumed()
    {
        var spec = Agent("patient") with { MaxTokensPerTurn = 1_500, Budget = 1_000_000, Temperature = 0, Seed = 3 };
        var undisturbed = await _system.Table.SpawnAsync(spec);
        var expected = await _system.AskAsync(undisturbed.Pid, "Count the stars.");

        var agent = await _system.Table.SpawnAsync(spec);
        var request = await _system.RequestAsync(agent.Pid, "Count the stars.");
        await _system.SeeAsync(agent.Pid, output => output.Kind == ProcessOutputKind.Text, "text");
        await _system.Process(agent.Pid).SuspendAsync("a pause");
        var suspended = await _system.Process(agent.Pid).GetAsync();
        Assert.Equal(ProcessState.Suspended, suspended.State);
        Assert.Equal(0, suspended.Turns);
        await UntilAsync(async () => (await Engine.GetLoadAsync()).Active == 0, "the engine is idle");

        // What the undone turn computed is spent.
        await UntilAsync(async () => (await _system.Process(agent.Pid).GetAsync()).Budget.Consumed > 0, "the tokens are charged");
        Assert.Equal(0, (await _system.Process(agent.Pid).GetAsync()).CompletionTokens);

        await _system.Process(agent.Pid).ResumeAsync();
        var response = await _system.ResponseAsync(request);
        Assert.Equal(expected.Payload, response.Payload);
        var after = await _system.Process(agent.Pid).GetAsync();
        Assert.Equal(1, after.Turns);
        Assert.Equal((await _system.Process(undisturbed.Pid).GetAsync()).CompletionTokens, after.CompletionTokens);
    }

    [Fact]
    public async Task An_exhausted_budget_blocks_until_the_next_slice()
    {
        var agent = await _system.Table.SpawnAsync(Agent("spender") with { Budget = 120, MaxTokensPerTurn = 60, BudgetSlice = TimeSpan.FromSeconds(3) });
        await _system.AskAsync(agent.Pid, "Spend.");
        var request = await _system.RequestAsync(agent.Pid, "Spend more than is left of this slice, please, and do not stop before.");
        await _system.SeeAsync(agent.Pid, output => output.Kind == ProcessOutputKind.StateChanged && output.Text.Contains("next slice", StringComparison.Ordinal), "that it waits");
        var waiting = await _system.Process(agent.Pid).GetAsync();
        Assert.True(waiting.BlockedOn == BlockReason.Budget || waiting.Turns == 2, $"{waiting.State} on {waiting.BlockedOn}");
        await _system.ResponseAsync(request);
        var after = await _system.Process(agent.Pid).GetAsync();
        Assert.True(after.Budget.Consumed <= 120, $"{after.Budget.Consumed} of 120 are consumed");
        Assert.True(after.PromptTokens + after.CompletionTokens > after.Budget.Consumed, "two slices were used");
    }

    [Fact]
    public async Task A_hard_cap_ends_the_process_that_reaches_it()
    {
        var agent = await _system.Table.SpawnAsync(Agent("capped") with { Budget = 120, MaxTokensPerTurn = 60, HardCap = true });
        await _system.AskAsync(agent.Pid, "Spend.");
        await _system.RequestAsync(agent.Pid, "Spend more than is left, please, and do not stop before all of it is gone.");
        var ended = await _system.Process(agent.Pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, ended.Exit?.Kind);
        Assert.Contains("120", ended.Exit!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_longer_than_the_window_is_answered_with_the_lengths_and_the_process_lives()
    {
        var agent = await _system.Table.SpawnAsync(Agent("reader") with { Budget = 1_000_000 });
        var answer = await _system.AskAsync(agent.Pid, string.Join(' ', Enumerable.Repeat("word", 40_000)));
        Assert.Contains("8160", answer.Headers[VmpHeaders.ErrorName], StringComparison.Ordinal);
        Assert.DoesNotContain(VmpHeaders.ErrorName, (await _system.AskAsync(agent.Pid, "Still there?")).Headers.Keys);
    }

    [Fact]
    public async Task An_old_context_that_does_not_fit_is_left_out_and_counted()
    {
        var agent = await _system.Table.SpawnAsync(Agent("talker") with { Budget = 400, MaxTokensPerTurn = 40, BudgetSlice = TimeSpan.FromMilliseconds(200) });
        for (var i = 0; i < 6; i++)
        {
            Assert.DoesNotContain(VmpHeaders.ErrorName, (await _system.AskAsync(agent.Pid, $"Question {i}: {new string('x', 60)}?")).Headers.Keys);
        }

        Assert.True((await _system.Process(agent.Pid).GetAsync()).ContextFaults > 0);
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("two words", "'two words'")]
    [InlineData("42", "'42'")]
    public async Task A_wrong_name_is_refused(string name, string named)
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(Agent("x") with { Name = name }));
        Assert.Equal(LlmosErrorCode.InvalidArgument, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_spec_is_refused_and_leaves_no_process()
    {
        var before = (await _system.Table.ListAsync(new ProcessFilter())).Length;
        ProcessSpec[] wrong =
        [
            Agent("bad") with { Budget = 0 },
            Agent("bad") with { Budget = -5 },
            Agent("bad") with { MaxTokensPerTurn = 0 },
            Agent("bad") with { BudgetSlice = TimeSpan.Zero },
            Agent("bad") with { Temperature = float.NaN },
            Agent("bad") with { Temperature = -1 },
            Agent("bad") with { Program = "rm -rf" },
            Agent("bad") with { Kind = (ProcessKind)9 },
            Agent("bad") with { Role = new string('x', 100_000) },
            Agent("bad") with { ParentPid = 999_999 },
        ];
        foreach (var spec in wrong)
        {
            await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(spec));
        }

        Assert.Equal(before, (await _system.Table.ListAsync(new ProcessFilter())).Length);
    }

    [Fact]
    public async Task A_child_gets_at_most_what_its_parent_has_and_the_parent_knows_it()
    {
        var parent = await _system.Table.SpawnAsync(Agent("parent") with { Permissions = Permissions.ReadContext });
        var error = await Assert.ThrowsAsync<LlmosException>(() =>
            _system.Table.SpawnAsync(Agent("child") with { ParentPid = parent.Pid, Permissions = Permissions.ReadContext | Permissions.Sudo }));
        Assert.Equal(LlmosErrorCode.PermissionDenied, error.Code);
        Assert.Contains("Sudo", error.Message, StringComparison.Ordinal);

        var child = await _system.Table.SpawnAsync(Agent("child") with { ParentPid = parent.Pid, Permissions = Permissions.ReadContext });
        Assert.Equal([child.Pid], (await _system.Process(parent.Pid).GetAsync()).ChildPids);
        Assert.Equal(child.Pid, await _system.Table.ResolveAsync("child"));
    }

    [Fact]
    public async Task An_unknown_process_is_named()
    {
        foreach (var act in (Func<Task>[])
        [
            () => _system.Process(987_654).GetAsync(),
            () => _system.Process(987_654).KillAsync(ExitReason.Killed("x")),
            () => _system.RequestAsync(987_654, "hello"),
            () => _system.Table.ResolveAsync("987654"),
        ])
        {
            var error = await Assert.ThrowsAsync<LlmosException>(act);
            Assert.Equal(LlmosErrorCode.NotFound, error.Code);
            Assert.Contains("987654", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_boot_made_cannot_be_ended_or_suspended()
    {
        for (var pid = WellKnownPids.Init; pid <= WellKnownPids.Console; pid++)
        {
            Assert.Equal(LlmosErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<LlmosException>(() => _system.Process(pid).KillAsync(ExitReason.Killed("x")))).Code);
            Assert.Equal(LlmosErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<LlmosException>(() => _system.Process(pid).SuspendAsync("x"))).Code);
            Assert.NotEqual(ProcessState.Terminated, (await _system.Process(pid).GetAsync()).State);
        }
    }

    [Fact]
    public async Task The_same_message_sent_twice_is_handled_once()
    {
        var agent = await _system.Table.SpawnAsync(Agent("once"));
        var message = new OutgoingMessage { To = agent.Pid, Payload = "Only once.", MessageId = Guid.NewGuid() };
        var request = await _system.Console.SendAsync(message);
        await _system.Console.SendAsync(message);
        await _system.ResponseAsync(request);
        await _system.Console.SendAsync(message);
        await _system.AskAsync(agent.Pid, "And now?");
        Assert.Equal(2, (await _system.Process(agent.Pid).GetAsync()).Turns);
    }

    [Fact]
    public async Task Sixty_four_processes_think_at_once_on_one_engine()
    {
        var agents = await Task.WhenAll(Enumerable.Range(0, 64).Select(i =>
            _system.Table.SpawnAsync(Agent($"crowd-{i}") with { MaxTokensPerTurn = 24, Priority = new ProcessPriority(i % 20) })));
        var most = 0;
        var answers = Task.WhenAll(agents.Select(agent => _system.AskAsync(agent.Pid, $"Who are you, {agent.Name}?")));
        while (!answers.IsCompleted)
        {
            most = Math.Max(most, (await Engine.GetLoadAsync()).Active);
        }

        Assert.All(await answers, answer => Assert.DoesNotContain(VmpHeaders.ErrorName, answer.Headers.Keys));
        Assert.True(most > 16, $"at most {most} sequences were in the engine together");
        foreach (var agent in agents)
        {
            var pcb = await _system.Process(agent.Pid).GetAsync();
            Assert.Equal(1, pcb.Turns);
            Assert.Equal(24, pcb.CompletionTokens);
        }
    }

    private IInferenceGrain Engine => _system.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(Thinker.DefaultModel, 0));

    private static ProcessSpec Agent(string name) => new() { Name = name, Role = "You answer briefly.", MaxTokensPerTurn = 32 };

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"{what}: not within {RunningSystem.Limit}");
            await Task.Yield();
        }
    }
}
