using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Tests.Running.Security;

/// <summary>What nobody gets by spawning.</summary>
public sealed class SpawnRightsTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task Several_at_once_get_no_more_than_one_does_and_no_place_of_the_system()
    {
        var pid = (await _system.Table.AllocateAsync(1))[0];
        var all = Mailbox("strong") with { Permissions = Permissions.All };
        await Speaking.As(Speaking.Operator, async () =>
        {
            Assert.Contains("SUDO", (await Speaking.DeniedAsync(() => _system.Table.SpawnAllAsync([new SpawnRequest(pid, all)]))).Message, StringComparison.Ordinal);
            await Speaking.DeniedAsync(() => _system.Table.SpawnAllAsync([new SpawnRequest(pid, Mailbox("part") with { Kind = ProcessKind.System })]));
        });
        var reserved = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAllAsync([new SpawnRequest(9, Mailbox("nine"))]));
        Assert.Contains("PID 9 is kept for a part of the system", reserved.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_joins_anothers_run_by_spawning_into_it()
    {
        var refusal = await Speaking.As(Speaking.User, () => Speaking.DeniedAsync(() => _system.Table.SpawnAsync(Mailbox("spy") with { Group = "run-42" })));
        Assert.Contains("the run 'run-42'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_is_no_more_urgent_than_its_parent_and_one_of_whom_nobody_said_is_as_urgent()
    {
        var parent = await _system.Table.SpawnAsync(Mailbox("slow") with { Priority = new ProcessPriority(17), Permissions = Permissions.Agent | Permissions.SpawnAgent });
        var refusal = await Speaking.DeniedAsync(() => _system.CallAsync("spawn", """{"name":"fast","priority":"REALTIME","budget":2000000000}""", asPid: parent.Pid));
        Assert.Contains("at priority 2: it has 17 itself", refusal.Message, StringComparison.Ordinal);
        var child = ((ProcessResult)await _system.CallAsync("spawn", """{"name":"child"}""", asPid: parent.Pid)).Process;
        Assert.Equal(17, child.Priority.Value);
    }

    [Fact]
    public async Task A_name_of_a_part_of_the_system_means_that_part()
    {
        var other = await _system.Table.SpawnAsync(Mailbox("scheduler"));
        Assert.Equal(WellKnownPids.Scheduler, await _system.Table.ResolveAsync("scheduler"));
        Assert.Equal(other.Pid, await _system.Table.ResolveAsync($"{other.Pid}"));
    }

    [Fact]
    public async Task Niceness_and_limits_that_are_changed_at_once_all_count()
    {
        var process = await _system.Table.SpawnAsync(Mailbox("modest") with { Priority = new ProcessPriority(1) });
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _system.CallAsync("nice", $$"""{"pid":{{process.Pid}},"delta":1}""")));
        Assert.Equal(11, (await _system.Process(process.Pid).GetAsync()).Priority.Value);
        Assert.Equal(ProcessPriority.Lowest, (await _system.Process(process.Pid).NiceAsync(int.MaxValue)).Value);
        for (var round = 1; round <= 5; round++)
        {
            await Task.WhenAll(
                _system.Process(process.Pid).SetLimitAsync(LLMOS.Kernel.Resources.ResourceLimit.Tokens, 1_000 * round),
                _system.Process(process.Pid).SetLimitAsync(LLMOS.Kernel.Resources.ResourceLimit.Processes, round),
                _system.Process(process.Pid).SetLimitAsync(LLMOS.Kernel.Resources.ResourceLimit.Context, 100 * round),
                _system.Process(process.Pid).SetLimitAsync(LLMOS.Kernel.Resources.ResourceLimit.Rate, 10 * round));
            var limits = (await _system.Process(process.Pid).GetLimitsAsync()).Limits;
            Assert.Equal((1_000L * round, (long)round, 100L * round, 10L * round), (limits.Tokens, limits.Processes, limits.ContextTokens, limits.TokensPerMinute));
        }
    }

    [Fact]
    public async Task Headers_and_correlations_have_a_bound()
    {
        var big = new OutgoingMessage { To = WellKnownPids.Console, Payload = "x", Headers = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("note", new string('x', 3_000_000)) };
        Assert.Contains("headers: 3000004 characters", (await Assert.ThrowsAsync<LlmosException>(() => _system.Console.SendAsync(big))).Message, StringComparison.Ordinal);
        var named = new OutgoingMessage { To = WellKnownPids.Console, Payload = "x", CorrelationId = new string('x', 1_000) };
        Assert.Contains("correlationId: 1000 characters", (await Assert.ThrowsAsync<LlmosException>(() => _system.Console.SendAsync(named))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_on_a_user_holds_for_what_the_user_spawns_without_naming_an_account()
    {
        var una = Caller.Of("una", CallerRole.User);
        Assert.Equal("una", (await Speaking.As(una, () => _system.Table.SpawnAsync(Mailbox("first")))).Account);
        await _system.Grains.GetGrain<LLMOS.Kernel.Resources.IAccountGrain>("una").SetLimitAsync(new LLMOS.Kernel.Resources.LimitCaller(WellKnownPids.Console, Permissions.All), LLMOS.Kernel.Resources.ResourceLimit.Processes, 1);
        await Speaking.As(una, async () =>
        {
            var refusal = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(Mailbox("second")));
            Assert.Equal(LlmosErrorCode.ResourceExhausted, refusal.Code);
        });
        Assert.Equal("", (await _system.Table.SpawnAsync(Mailbox("free"))).Account);
    }

    [Fact]
    public async Task A_group_is_that_of_its_first_members_principal()
    {
        var own = await Speaking.As(Speaking.User, () => _system.Table.SpawnAsync(Mailbox("insider")));
        var others = await Speaking.As(Speaking.OtherUser, () => _system.Table.SpawnAsync(Mailbox("outsider")));
        var group = _system.Grains.GetGrain<IMulticastGroupGrain>("insiders");
        Assert.True(await Speaking.As(Speaking.User, () => group.JoinAsync(own.Pid)));
        var refusal = await Speaking.As(Speaking.OtherUser, () => Speaking.DeniedAsync(() => group.JoinAsync(others.Pid)));
        Assert.Contains("it is ursula's", refusal.Message, StringComparison.Ordinal);
        Assert.True(await Speaking.As(Speaking.Operator, () => group.JoinAsync(others.Pid)));
    }

    private static ProcessSpec Mailbox(string name) => new() { Name = name, Program = ProcessPrograms.Mailbox };
}
