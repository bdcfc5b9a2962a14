using CsCheck;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Tests.Running.Security;

/// <summary>Who may do what, at the grains themselves: the same rules hold for every door.</summary>
public sealed class PermissionTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task A_guest_sees_which_processes_there_are_and_nothing_else()
    {
        await Speaking.As(Speaking.Guest, async () =>
        {
            Assert.NotEmpty(await _system.Table.ListAsync(new ProcessFilter()));
            await _system.CallAsync("ps");
            Func<Task>[] refused =
            [
                () => _system.Table.SpawnAsync(Mailbox("x")),
                () => _system.Console.SendAsync(new OutgoingMessage { To = WellKnownPids.Console, Payload = "x" }),
                () => _system.Console.PeekAsync(MessageFilter.Any, TimeSpan.Zero, CancellationToken.None),
                () => _system.Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery()),
                () => _system.Grains.GetGrain<IContextRegionGrain>("/logs/system").ReadAsync(),
                () => _system.CallAsync("spawn", """{"name":"x"}"""),
                () => _system.CallAsync("kill", """{"pid":5}"""),
                () => _system.Grains.GetGrain<IAuditGrain>(0).VerifyAsync(),
                async () => await _system.Process(WellKnownPids.Monitor).WatchAsync(0, CancellationToken.None).FirstAsync(),
                async () => await _system.Grains.GetGrain<IBootGrain>(0).BootAsync(new BootRequest(), CancellationToken.None).FirstAsync(),
                () => _system.Grains.GetGrain<IManagementGrain>(0).GetTotalActivationCount(),
            ];
            foreach (var act in refused)
            {
                Assert.StartsWith("gwen may not", AfterSyscall((await Speaking.DeniedAsync(act)).Message), StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public async Task A_refusal_says_what_was_not_allowed_and_never_a_method()
    {
        var inference = _system.Grains.GetGrain<LLMOS.Cognition.Inference.IInferenceGrain>(LLMOS.Cognition.Inference.InferenceKeys.Create(LLMOS.Cognition.Inference.Thinker.DefaultModel, 0));
        var audit = _system.Grains.GetGrain<IAuditGrain>(0);
        foreach (var (verb, act) in new (string, Func<Task>)[]
        {
            ("generate", () => inference.AdmitAsync()),
            ("read the audit log", () => audit.QueryAsync(new AuditQuery())),
            ("call what is the kernel's own", () => _system.Table.AllocateAsync(1)),
        })
        {
            var refusal = await Speaking.As(Speaking.Guest, () => Speaking.DeniedAsync(act));
            Assert.StartsWith($"gwen may not {verb}: ", refusal.Message, StringComparison.Ordinal);
            CallerContext.Claim = null;
            var record = Assert.Single(await audit.QueryAsync(new AuditQuery { Syscall = verb, Limit = 1 })).Entry;
            Assert.Equal(("gwen", $"PermissionDenied: {refusal.Message}"), (record.Principal, record.Result));
        }
    }

    [Fact]
    public async Task A_user_has_its_own_processes_and_no_part_in_those_of_others()
    {
        var own = await Speaking.As(Speaking.User, () => _system.Table.SpawnAsync(Mailbox("ursulas")));
        Assert.Equal("ursula", own.Owner);
        await Speaking.As(Speaking.User, async () =>
        {
            await _system.Process(own.Pid).SendAsync(new OutgoingMessage { To = own.Pid, Payload = "note to self" });
            await _system.Process(own.Pid).SetPriorityAsync(new ProcessPriority(15));
            var refusal = await Speaking.DeniedAsync(() => _system.Process(own.Pid).SetPriorityAsync(new ProcessPriority(3)));
            Assert.Contains("from 15 to 3", refusal.Message, StringComparison.Ordinal);
            await Speaking.DeniedAsync(() => _system.Process(own.Pid).SetLimitAsync(LLMOS.Kernel.Resources.ResourceLimit.Tokens, 1_000_000));
            await _system.Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { Pid = own.Pid });
            await Speaking.DeniedAsync(() => _system.Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery()));
        });
        await Speaking.As(Speaking.OtherUser, async () =>
        {
            Func<Task>[] refused =
            [
                () => _system.Process(own.Pid).KillAsync(ExitReason.Killed("x")),
                () => _system.Process(own.Pid).SuspendAsync("x"),
                () => _system.Process(own.Pid).SendAsync(new OutgoingMessage { To = own.Pid, Payload = "x" }),
                () => _system.Process(own.Pid).PeekAsync(MessageFilter.Any, TimeSpan.Zero, CancellationToken.None),
                () => _system.Process(own.Pid).RevokeAsync(Permissions.All),
                () => _system.Table.SpawnAsync(Mailbox("child") with { ParentPid = own.Pid }),
                () => _system.Grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { Pid = own.Pid }),
                () => _system.CallAsync("ps", asPid: own.Pid),
                async () => await _system.Process(own.Pid).WatchAsync(0, CancellationToken.None).FirstAsync(),
            ];
            foreach (var act in refused)
            {
                Assert.Contains("another's", (await Speaking.DeniedAsync(act)).Message, StringComparison.Ordinal);
            }
        });
        var refusals = await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Pid = own.Pid });
        Assert.Contains(refusals, record => record.Entry is { Principal: "otto", Syscall: "kill" } && record.Entry.Result.StartsWith("PermissionDenied: ", StringComparison.Ordinal));
        Assert.Contains(refusals, record => record.Entry is { Principal: "otto", Syscall: "watch" });

        await Speaking.As(Speaking.Operator, () => _system.Process(own.Pid).KillAsync(ExitReason.Killed("by the operator")));
        Assert.Equal("by the operator", (await _system.Process(own.Pid).GetAsync()).Exit!.Text);
    }

    [Fact]
    public async Task An_operator_manages_and_gives_no_more_than_it_has()
    {
        await Speaking.As(Speaking.Operator, async () =>
        {
            await Speaking.DeniedAsync(() => _system.Table.SpawnAsync(Mailbox("x") with { Permissions = Permissions.All }));
            await Speaking.DeniedAsync(() => _system.Table.SpawnAsync(Mailbox("x") with { Kind = ProcessKind.System }));
            await Speaking.DeniedAsync(() => _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery()));
            await Speaking.DeniedAsync(() => _system.Table.AllocateAsync(1));
            var process = await _system.Table.SpawnAsync(Mailbox("x"));
            await _system.Process(process.Pid).SetPriorityAsync(new ProcessPriority(1));
        });
    }

    [Fact]
    public async Task No_client_is_a_process_or_the_kernel_by_saying_so()
    {
        var process = await _system.Table.SpawnAsync(Mailbox("claimed"));
        var forged = Speaking.OtherUser with { Pid = process.Pid, Permissions = Permissions.All, Privileges = Privileges.All };
        await Speaking.As(forged, () => Speaking.DeniedAsync(() => _system.Process(process.Pid).KillAsync(ExitReason.Killed("x"))));
        var kernel = await Speaking.As(Caller.Kernel, () => _system.Table.SpawnAsync(Mailbox("by-kernel")));
        Assert.Equal("local", kernel.Owner);
    }

    [Fact]
    public async Task A_child_has_at_most_what_its_parent_has()
    {
        var any = Gen.Int[0, (int)Permissions.All].Select(bits => (Permissions)bits);
        await Gen.Select(any, any).SampleAsync(
            async (had, asked) =>
            {
                var parent = await _system.Table.SpawnAsync(Mailbox("parent") with { Permissions = had });
                try
                {
                    var child = await _system.Table.SpawnAsync(Mailbox("child") with { ParentPid = parent.Pid, Permissions = asked });
                    Assert.True((asked & ~had) == Permissions.None, $"{asked} of {had}");
                    Assert.Equal(asked, child.Permissions);
                }
                catch (LlmosException refusal)
                {
                    Assert.Equal(LlmosErrorCode.PermissionDenied, refusal.Code);
                    Assert.True((asked & ~had) != Permissions.None, $"{asked} of {had}");
                }
            },
            iter: 30,
            threads: 1);
    }

    [Fact]
    public async Task What_is_revoked_is_gone_from_all_that_descends_too()
    {
        var parent = await _system.Table.SpawnAsync(Mailbox("p1") with { Permissions = Permissions.All });
        var child = await _system.Table.SpawnAsync(Mailbox("p2") with { ParentPid = parent.Pid, Permissions = Permissions.All });
        var grandchild = await _system.Table.SpawnAsync(Mailbox("p3") with { ParentPid = child.Pid, Permissions = Permissions.Agent });
        Assert.Equal([parent.Pid, child.Pid], grandchild.Lineage);
        Assert.Equal(
            Permissions.All & ~(Permissions.Sudo | Permissions.ReadContext),
            await _system.Process(parent.Pid).RevokeAsync(Permissions.Sudo | Permissions.ReadContext));
        Assert.Equal(Permissions.All & ~(Permissions.Sudo | Permissions.ReadContext), (await _system.Process(child.Pid).GetAsync()).Permissions);
        Assert.Equal(Permissions.WriteContext, (await _system.Process(grandchild.Pid).GetAsync()).Permissions);
        await Speaking.DeniedAsync(() => _system.Table.SpawnAsync(Mailbox("late") with { ParentPid = child.Pid, Permissions = Permissions.ReadContext }));
        await Assert.ThrowsAsync<LlmosException>(() => _system.Process(WellKnownPids.Logger).RevokeAsync(Permissions.All));
    }

    [Fact]
    public async Task Memory_pages_are_reached_through_their_region_alone()
    {
        var page = _system.Grains.GetGrain<IMemoryPageGrain>(Guid.NewGuid());
        await Speaking.As(Speaking.User, () => Speaking.DeniedAsync(() => page.ReadAsync()));
        await Speaking.As(Speaking.Operator, () => Speaking.DeniedAsync(() => page.ReleaseAsync()));
    }

    private static string AfterSyscall(string message) => message.IndexOf(": gwen", StringComparison.Ordinal) is var at and >= 0 ? message[(at + 2)..] : message;

    private static ProcessSpec Mailbox(string name) => new() { Name = name, Program = ProcessPrograms.Mailbox };
}
