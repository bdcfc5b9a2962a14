using LLMOS.Client.Chat;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.AI;

namespace LLMOS.Client.Tests.Chat;

/// <summary>A process for one answer, on a real silo with a real model.</summary>
public sealed class CompletionProcessTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_says_what_a_process_that_is_stored_says_and_leaves_its_last_pcb_only()
    {
        ChatMessage[] chat = [new(ChatRole.User, "First question"), new(ChatRole.Assistant, "An answer"), new(ChatRole.User, "Second question")];
        var options = new ChatOptions { MaxOutputTokens = 16, Temperature = 0, Seed = 3 };
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var answer = await completion.AnswerAsync(chat, options, Stop).ToChatResponseAsync(Stop);

        Assert.Equal(ChatFinishReason.Length, answer.FinishReason);
        Assert.Equal(16, answer.Usage!.OutputTokenCount);
        Assert.Equal($"{completion.Pid}", answer.ConversationId);
        var process = await system.Client.GetProcessAsync(completion.Pid);
        Assert.Equal((ProcessState.Terminated, 0, "its request is answered"), (process.State, process.Exit!.Code, process.Exit.Text));
        Assert.Equal(16, process.CompletionTokens);
        Assert.Equal(answer.Usage.InputTokenCount - answer.Usage.CachedInputTokenCount, process.PromptTokens);
        Assert.Contains(await system.Client.ListProcessesAsync(new ProcessFilter()), listed => listed.Pid == completion.Pid && listed.State == ProcessState.Terminated);
        Assert.Empty(await system.Client.QueryMessagesAsync(new MessageQuery { Pid = completion.Pid }));
        Assert.Null(await system.Client.Grains.GetGrain<Kernel.Memory.IContextRegionGrain>(process.Context.Region).GetInfoAsync());

        // The same conversation held with a process that keeps it: the answers before are its own there, so it is made to say the same.
        var stored = await system.Client.SpawnAsync(Spec() with { Program = ProcessPrograms.Agent, MaxTokensPerTurn = 16 });
        await system.Client.Grains.GetGrain<Kernel.Memory.IContextRegionGrain>(stored.Context.Region)
            .AppendAllAsync(ChatHistory.Of(chat, stored.Pid), $"process/{stored.Pid}");
        using var lasting = new ProcessChatClient(system.Client, stored.Pid);
        var same = await lasting.GetResponseAsync(chat, options, Stop);
        Assert.Equal(same.Text, answer.Text);
        Assert.Equal(same.Usage!.InputTokenCount, answer.Usage.InputTokenCount);
    }

    [Fact]
    public async Task It_is_seen_while_it_speaks_and_a_kill_ends_its_answer()
    {
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var ended = await Assert.ThrowsAsync<LlmosException>(async () =>
        {
            await foreach (var update in completion.AnswerAsync([new(ChatRole.User, "Speak.")], new ChatOptions { MaxOutputTokens = 1_500 }, Stop))
            {
                if ((await system.Client.ListProcessesAsync(new ProcessFilter { LiveOnly = true })).FirstOrDefault(process => process.Pid == completion.Pid) is { } alive)
                {
                    Assert.Equal((ProcessState.Thinking, "once"), (alive.State, alive.Name));
                    Assert.Equal(completion.Pid, await system.Client.ResolveAsync("once"));
                    Assert.True((await system.Client.GetKvUsageAsync([alive]))[completion.Pid].Cells > 0);
                    await system.Client.KillAsync(completion.Pid, "it talks too much");
                }
            }
        });
        Assert.Equal($"Process {completion.Pid} (once) ended before it answered: it talks too much.", ended.Message);
        Assert.Equal(137, (await system.Client.GetProcessAsync(completion.Pid)).Exit!.Code);
    }

    [Fact]
    public async Task Who_reads_no_further_ends_it_and_so_does_who_asks_nothing()
    {
        await using var left = await CompletionProcess.SpawnAsync(system.Client, Spec());
        await foreach (var update in left.AnswerAsync([new(ChatRole.User, "Speak.")], new ChatOptions { MaxOutputTokens = 1_500 }, Stop))
        {
            break;
        }

        Assert.Equal("nobody waited for its answer any more", (await system.Client.WaitAsync(left.Pid, TimeSpan.FromSeconds(30), Stop)).Exit!.Text);
        var silent = await CompletionProcess.SpawnAsync(system.Client, Spec());
        await silent.DisposeAsync();
        Assert.Equal("it was asked nothing", (await system.Client.GetProcessAsync(silent.Pid)).Exit!.Text);
    }

    [Fact]
    public async Task A_message_that_others_send_it_is_refused_and_its_request_is_answered()
    {
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var process = system.Client.Grains.GetGrain<IProcessGrain>(completion.Pid);
        var refused = await Assert.ThrowsAsync<LlmosException>(() => system.Client.AskAsync(completion.Pid, "And what do you say to this?", TimeSpan.FromSeconds(30), Stop));
        Assert.Contains("answers one request, which was brought to it, and reads no messages", refused.Message, StringComparison.Ordinal);
        var wrong = await Assert.ThrowsAsync<LlmosException>(async () =>
            await process.AnswerAsync(new OutgoingMessage { To = completion.Pid, Payload = "Hear!", MessageType = VmpMessageType.Notification }, [], Stop).ToListAsync(Stop));
        Assert.EndsWith($"is asked by a REQUEST to itself, and this is a NOTIFICATION to {completion.Pid}.", wrong.Message, StringComparison.Ordinal);
        var answer = await completion.AnswerAsync([new(ChatRole.User, "Speak.")], new ChatOptions { MaxOutputTokens = 4 }, Stop).ToChatResponseAsync(Stop);
        Assert.Equal(4, answer.Usage!.OutputTokenCount);
    }

    [Fact]
    public async Task It_answers_once_and_an_error_is_said_as_one()
    {
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var tooLong = string.Join(' ', Enumerable.Repeat("word", 20_000));
        var refused = await Assert.ThrowsAsync<LlmosException>(async () => await completion.AnswerAsync([new(ChatRole.User, tooLong)], null, Stop).ToListAsync(Stop));
        Assert.Equal(LlmosErrorCode.InvalidArgument, refused.Code);
        Assert.Contains("the window of", refused.Message, StringComparison.Ordinal);
        var failed = await system.Client.WaitAsync(completion.Pid, TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(ExitKind.Fault, failed.Exit!.Kind);
        Assert.EndsWith(failed.Exit.Text, refused.Message, StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<LlmosException>(async () => await completion.AnswerAsync([new(ChatRole.User, "And now?")], null, Stop).ToListAsync(Stop));
        Assert.Contains("has ended", again.Message, StringComparison.Ordinal);
        var agent = await system.Client.SpawnAsync(new ProcessSpec { Name = "stays", Role = "" });
        var stays = await Assert.ThrowsAsync<LlmosException>(async () => await system.Client.Grains.GetGrain<IProcessGrain>(agent.Pid)
            .AnswerAsync(new OutgoingMessage { To = agent.Pid, Payload = "?", MessageType = VmpMessageType.Request }, [], Stop).ToListAsync(Stop));
        Assert.Equal($"Process {agent.Pid} (stays) was not spawned for one request: send it a message.", stays.Message);
    }

    [Fact]
    public async Task A_spec_that_only_a_stored_process_can_have_is_refused()
    {
        var parent = await system.Client.SpawnAsync(new ProcessSpec { Name = "parent", Role = "" });
        (ProcessSpec Spec, string Why)[] wrong =
        [
            (Spec() with { ParentPid = parent.Pid }, $"'once' cannot have the parent {parent.Pid} for one request: leave the parent out."),
            (Spec() with { Region = "/shared/x" }, "'once' cannot have a group or a region for one request: leave them out."),
            (Spec() with { After = [parent.Pid] }, "'once' cannot have others to wait for, for one request: ask when they have ended."),
            (Spec() with { Restart = RestartPolicy.Always }, "'once' cannot have a restart for one request: ask again."),
            (Spec() with { Durability = ProcessDurability.Token }, "'once' cannot have the durability token for one request, of which nothing is stored: spawn it to stay."),
        ];
        foreach (var (spec, why) in wrong)
        {
            Assert.Equal(why, (await Assert.ThrowsAsync<LlmosException>(() => CompletionProcess.SpawnAsync(system.Client, spec))).Message);
        }

        var stored = await Assert.ThrowsAsync<LlmosException>(() => system.Client.SpawnAsync(Spec() with { Program = ProcessPrograms.Completion }));
        Assert.Equal("'once' cannot run 'completion', which answers one request that comes with it and ends: use 'agent', or ask by the OpenAI endpoint.", stored.Message);
    }

    [Fact]
    public async Task Nothing_that_is_stored_refers_to_it()
    {
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var because = $"Process {completion.Pid} (once) answers one request and is not stored: it cannot";
        Assert.Equal($"{because} be in the group 'readers'.", (await Assert.ThrowsAsync<LlmosException>(() => system.Client.JoinGroupAsync("readers", completion.Pid))).Message);
        Assert.Equal($"{because} have children.", (await Assert.ThrowsAsync<LlmosException>(() => system.Client.SpawnAsync(new ProcessSpec { Name = "child", ParentPid = completion.Pid }))).Message);
        Assert.Equal(
            $"'waiter' cannot wait for process {completion.Pid}, which answers one request and is not stored: wait for one that is.",
            (await Assert.ThrowsAsync<LlmosException>(() => system.Client.SpawnAsync(new ProcessSpec { Name = "waiter", After = [completion.Pid] }))).Message);
    }

    [Fact]
    public async Task Its_spawn_and_its_request_are_in_the_audit_log_and_its_tokens_in_its_account()
    {
        var account = $"user/reader-{Guid.NewGuid():N}";
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec() with { Account = account });
        var answer = await completion.AnswerAsync([new(ChatRole.User, "Count me.")], new ChatOptions { MaxOutputTokens = 8 }, Stop).ToChatResponseAsync(Stop);
        var records = await system.Client.QueryAuditAsync(new AuditQuery { Pid = completion.Pid });
        Assert.Equal(["spawn", "send"], records.Where(record => record.Entry.Syscall is "spawn" or "send").Select(record => record.Entry.Syscall));
        Assert.All(records, record => Assert.Equal((AuditEntry.Done, null, (long?)completion.Pid), (record.Entry.Result, record.Entry.Source, record.Entry.Destination)));

        // What an account hears it hears after the answer.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await system.Client.GetAccountAsync(account)) is var statement && (statement.TotalTokens != answer.Usage!.TotalTokenCount || statement.Processes != 0))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_is_left_of_it_is_shown_when_its_activation_is_gone()
    {
        await using var completion = await CompletionProcess.SpawnAsync(system.Client, Spec());
        var answer = await completion.AnswerAsync([new(ChatRole.User, "Be forgotten.")], new ChatOptions { MaxOutputTokens = 4 }, Stop).ToChatResponseAsync(Stop);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var segment = system.Client.Grains.GetGrain<IProcessTableSegmentGrain>(completion.Pid / IProcessTableSegmentGrain.BlockSize).GetGrainId();
        while (await ActivationsAsync() > 0)
        {
            // The end of the process is still on its way, and so is the end of its reader.
            limit.Token.ThrowIfCancellationRequested();
            await system.Client.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Stop);
        }

        var left = await system.Client.GetProcessAsync(completion.Pid);
        Assert.Equal((ProcessState.Terminated, "its request is answered"), (left.State, left.Exit!.Text));
        Assert.Equal(answer.Usage!.OutputTokenCount, left.CompletionTokens);
        Assert.Equal(left.Exit, (await system.Client.WaitAsync(completion.Pid, TimeSpan.FromSeconds(10), Stop)).Exit);
        await system.Client.KillAsync(completion.Pid, "again");
        Assert.Equal(left.Budget.Allocated, (await system.Client.GetLimitsAsync(completion.Pid)).Limits.Tokens);
        Assert.Equal("", left.Role);

        async Task<int> ActivationsAsync() => (await system.Client.Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics(types: null, hostsIds: null, Stop))
            .Count(statistic => statistic.GrainId == system.Client.Grains.GetGrain<IProcessGrain>(completion.Pid).GetGrainId() || statistic.GrainId == segment);
    }

    private static ProcessSpec Spec() => new() { Name = "once", Role = "You answer." };
}
