using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running;

/// <summary>The tree of budgets on a running system.</summary>
public sealed class LedgerTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private static readonly LimitCaller Root = new(WellKnownPids.Console, Permissions.All);

    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task What_a_child_spends_its_ancestors_spent()
    {
        var parent = await _system.Table.SpawnAsync(Agent("parent") with { Account = "alice/web" });
        await _system.AskAsync(parent.Pid, "Before there are children.");
        var child = await _system.Table.SpawnAsync(Agent("child") with { ParentPid = parent.Pid });
        var grandchild = await _system.Table.SpawnAsync(Agent("grandchild") with { ParentPid = child.Pid });
        await Task.WhenAll(
            _system.AskAsync(parent.Pid, "You."), _system.AskAsync(child.Pid, "And you."), _system.AskAsync(grandchild.Pid, "You too."));

        var spent = await SpentAsync(parent.Pid, child.Pid, grandchild.Pid);
        foreach (var account in (string[])["alice", "alice/web", AccountKey.OfProcess(parent.Pid)])
        {
            await UntilAsync(account, statement => statement.TotalTokens == spent && statement.Leased == 0);
        }

        await UntilAsync(AccountKey.OfProcess(child.Pid), async statement => statement.TotalTokens == await SpentAsync(child.Pid, grandchild.Pid));
        Assert.Equal(3, (await Account("alice").GetStatementAsync()).Processes);
        Assert.Equal(AccountKey.OfProcess(parent.Pid), (await _system.Process(parent.Pid).GetAsync()).Account);
        Assert.Equal(AccountKey.OfProcess(child.Pid), (await _system.Process(grandchild.Pid).GetAsync()).Account);

        await _system.Process(grandchild.Pid).KillAsync(ExitReason.Killed("enough"));
        await UntilAsync("alice", statement => statement.Processes == 2 && statement.TotalTokens == spent);
    }

    [Fact]
    public async Task Children_share_the_slice_of_their_parent_and_wait_for_the_next_one()
    {
        var parent = await _system.Table.SpawnAsync(Agent("sharer") with { Budget = 150, BudgetSlice = TimeSpan.FromSeconds(2) });
        var children = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            // With roles that differ from their first word no prompt counts on another's cache, which may be gone when it is computed.
            children.Add((await _system.Table.SpawnAsync(Agent($"sharing-{i}") with { Role = $"{i} is your number.", ParentPid = parent.Pid, MaxTokensPerTurn = 40, Budget = 10_000 })).Pid);
        }

        var answers = Task.WhenAll(children.Select(child => _system.AskAsync(child, "Spend of what is shared.")));
        while (!answers.IsCompleted)
        {
            var statement = await Account(AccountKey.OfProcess(parent.Pid)).GetStatementAsync();
            Assert.True(statement.Budget.Consumed + statement.Leased <= 150, $"{statement.Budget.Consumed} are spent and {statement.Leased} held of 150");
        }

        Assert.All(await answers, answer => Assert.Null(VmpHeaders.ErrorOf(answer)));
        Assert.True(await SpentAsync([.. children]) > 150);
    }

    [Fact]
    public async Task A_hard_cap_above_ends_the_process_that_reaches_it_and_says_whose_it_is()
    {
        await Account("capped").SetLimitAsync(Root, ResourceLimit.Tokens, 100);
        await Account("capped").SetLimitAsync(Root, ResourceLimit.HardCap, 1);
        await Account("capped").SetLimitAsync(Root, ResourceLimit.Slice, 3_600);
        var agent = await _system.Table.SpawnAsync(Agent("reaching") with { Account = "capped", MaxTokensPerTurn = 50 });
        await _system.AskAsync(agent.Pid, "Spend.");
        await _system.RequestAsync(agent.Pid, "Spend more than is left of it all.");
        var ended = await _system.Process(agent.Pid).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, ended.Exit?.Kind);
        Assert.Contains("the account capped has", ended.Exit!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_no_slice_could_pay_for_is_answered_with_the_figures()
    {
        await Account("tiny").SetLimitAsync(Root, ResourceLimit.Tokens, 10);
        var agent = await _system.Table.SpawnAsync(Agent("small") with { Account = "tiny" });
        var answer = await _system.AskAsync(agent.Pid, "Hello, how are you today?");
        Assert.Contains("The account tiny grants at most 10 tokens a slice", answer.Payload, StringComparison.Ordinal);
        Assert.Equal(0, (await Account("tiny").GetStatementAsync()).TotalTokens);
    }

    [Fact]
    public async Task A_quota_of_processes_holds_over_the_whole_tree_and_a_refused_one_is_not_counted()
    {
        await Account("crowd").SetLimitAsync(Root, ResourceLimit.Processes, 2);
        var parent = await _system.Table.SpawnAsync(Agent("one") with { Account = "crowd/a" });
        await _system.Table.SpawnAsync(Agent("two") with { ParentPid = parent.Pid });
        var full = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(Agent("three") with { ParentPid = parent.Pid }));
        Assert.Equal(LlmosErrorCode.ResourceExhausted, full.Code);
        Assert.Equal("The account crowd allows 2 processes at the same time, and that many live: end one, or raise its limit 'processes'.", full.Message);
        Assert.Equal(2, (await Account("crowd").GetStatementAsync()).Processes);
        Assert.Equal(2, (await Account(AccountKey.OfProcess(parent.Pid)).GetStatementAsync()).Processes);
    }

    [Fact]
    public async Task Limits_are_lowered_by_an_ancestor_and_raised_with_SUDO_alone()
    {
        var parent = await _system.Table.SpawnAsync(Agent("elder"));
        var child = await _system.Table.SpawnAsync(Agent("younger") with { ParentPid = parent.Pid, Budget = 5_000 });
        var elder = new LimitCaller(parent.Pid, Permissions.Agent);
        Assert.Equal(400, (await _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Tokens, 400, elder)).Limits.Tokens);
        Assert.Equal(400, (await _system.Process(child.Pid).GetAsync()).Budget.Allocated);
        await RefusedAsync(() => _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Tokens, 401, elder));
        await RefusedAsync(() => _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Tokens, 10, new LimitCaller(999, Permissions.Agent)));
        await RefusedAsync(() => _system.Process(child.Pid).SetPriorityAsync(new ProcessPriority(3), elder));
        await _system.Process(child.Pid).SetPriorityAsync(new ProcessPriority(15), elder);
        await _system.Process(child.Pid).SetPriorityAsync(new ProcessPriority(2), Root);
        Assert.Equal(2, (await _system.Process(child.Pid).GetAsync()).Priority.Value);
        Assert.Equal(9_000, (await _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Tokens, 9_000, Root)).Limits.Tokens);
        Assert.Equal(3, (await _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Requests, 3, elder)).Limits.RequestsPerMinute);
        await RefusedAsync(() => Account("bob").SetLimitAsync(elder, ResourceLimit.Tokens, 1));
        await Assert.ThrowsAsync<LlmosException>(() => _system.Process(child.Pid).SetLimitAsync(ResourceLimit.Tokens, 0, Root));
    }

    [Fact]
    public async Task The_rate_of_requests_makes_wait()
    {
        var agent = await _system.Table.SpawnAsync(Agent("hasty"));
        await _system.Process(agent.Pid).SetLimitAsync(ResourceLimit.Requests, 2, Root);
        await _system.AskAsync(agent.Pid, "One.");
        await _system.AskAsync(agent.Pid, "Two.");
        await _system.RequestAsync(agent.Pid, "Three.");
        await _system.SeeAsync(agent.Pid, output => output.Text.Contains("allows 2 requests a minute", StringComparison.Ordinal), "that it waits for its rate");
        Assert.Equal(BlockReason.Budget, (await _system.Process(agent.Pid).GetAsync()).BlockedOn);
        await _system.Process(agent.Pid).KillAsync(ExitReason.Killed("no need to wait"));
        await UntilAsync(AccountKey.OfProcess(agent.Pid), statement => statement is { Leased: 0, Processes: 0 });
    }

    private static async Task RefusedAsync(Func<Task> act) =>
        Assert.Equal(LlmosErrorCode.PermissionDenied, (await Assert.ThrowsAsync<LlmosException>(act)).Code);

    private async Task<long> SpentAsync(params long[] pids)
    {
        long spent = 0;
        foreach (var pid in pids)
        {
            var process = await _system.Process(pid).GetAsync();
            spent += process.PromptTokens + process.CompletionTokens;
        }

        return spent;
    }

    private IAccountGrain Account(string key) => _system.Grains.GetGrain<IAccountGrain>(key);

    private Task UntilAsync(string account, Func<AccountStatement, bool> condition) =>
        UntilAsync(account, statement => Task.FromResult(condition(statement)));

    private async Task UntilAsync(string account, Func<AccountStatement, Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        var statement = await Account(account).GetStatementAsync();
        while (!await condition(statement))
        {
            Assert.True(DateTime.UtcNow < deadline, $"the account is {statement}");
            await Task.Yield();
            statement = await Account(account).GetStatementAsync();
        }
    }

    private static ProcessSpec Agent(string name) => new() { Name = name, Role = "You answer.", MaxTokensPerTurn = 24 };
}
