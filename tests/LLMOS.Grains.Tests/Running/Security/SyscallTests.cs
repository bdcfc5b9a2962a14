using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Tests.Running.Security;

/// <summary>Syscalls through the dispatcher.</summary>
public sealed class SyscallTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    [Fact]
    public async Task A_process_is_spawned_paused_moved_and_ended()
    {
        var spawned = await ProcessAsync("spawn", """{"role":"You sort letters","name":"sorter","priority":"LOW","budget":500}""");
        Assert.Equal(("sorter", 14, 500L, "local"), (spawned.Name, spawned.Priority.Value, spawned.Budget.Allocated, spawned.Owner));
        Assert.Equal(Permissions.Agent, spawned.Permissions);
        Assert.Equal(ProcessState.Suspended, (await ProcessAsync("suspend", """{"pid":"sorter"}""")).State);
        Assert.Equal(ProcessState.Blocked, (await ProcessAsync("resume", $$"""{"pid":{{spawned.Pid}}}""")).State);
        Assert.Equal(16, (await ProcessAsync("nice", """{"pid":"sorter","delta":2}""")).Priority.Value);
        Assert.Equal(2, (await ProcessAsync("setpriority", """{"pid":"sorter","priority":2}""")).Priority.Value);
        var limits = Assert.IsType<LimitsResult>(await _system.CallAsync("setrlimit", """{"pid":"sorter","limit":"tokens","value":700}"""));
        Assert.Equal(700, limits.Tokens.Allocated);
        Assert.Equal(limits, await _system.CallAsync("getrlimit", """{"pid":"sorter"}"""));
        foreach (var (limit, of) in new (string, Func<AccountLimits, double>)[] { ("messages", set => set.Messages), ("requests", set => set.RequestsPerMinute), ("rate", set => set.TokensPerMinute), ("memory", set => set.ContextTokens), ("processes", set => set.Processes), ("gpu", set => set.GpuUnits), ("slice", set => set.Slice.TotalSeconds) })
        {
            var set = Assert.IsType<LimitsResult>(await _system.CallAsync("setrlimit", $$"""{"pid":"sorter","limit":"{{limit}}","value":30}"""));
            Assert.Equal(30, of(set.Statement.Limits));
        }

        var shown = SyscallSentence.Of(await _system.CallAsync("getrlimit", """{"pid":"sorter"}"""));
        foreach (var limit in (string[])["slice 30 s", "tokens 0 of 700", "processes 1 of 30", "memory 0 of 30 tokens", "messages 0 of 30", "requests 30 a minute", "rate 30 tokens a minute", "gpu 0 of 30"])
        {
            Assert.Contains(limit, shown, StringComparison.Ordinal);
        }

        Assert.Contains(Assert.IsType<ProcessListResult>(await _system.CallAsync("ps")).Processes, process => process.Pid == spawned.Pid);

        var ended = await ProcessAsync("kill", """{"pid":"sorter"}""");
        Assert.Equal((ProcessState.Terminated, "killed by local"), (ended.State, ended.Exit!.Text));
        var waited = await _system.CallAsync("wait", $$"""{"pid":{{spawned.Pid}}}""");
        Assert.Equal($"sorter (PID {spawned.Pid}) is TERMINATED, KILL with code 137: killed by local", SyscallSentence.Of(waited));

        var records = await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Pid = spawned.Pid, Syscall = "kill" });
        Assert.Equal([AuditEntry.Begun, AuditEntry.Done], records.Select(record => record.Entry.Result));
    }

    [Fact]
    public async Task The_log_says_which_processes_a_spawn_made()
    {
        var dispatched = (await ProcessAsync("spawn", """{"name":"dispatched"}""")).Pid;
        var direct = await MailboxAsync("direct");
        var several = await _system.Table.AllocateAsync(2);
        await _system.Table.SpawnAllAsync([.. several.Select(pid => new SpawnRequest(pid, new ProcessSpec { Name = $"one-of-several-{pid}", Program = ProcessPrograms.Mailbox }))]);
        foreach (var pid in (long[])[dispatched, direct, .. several])
        {
            var record = Assert.Single(await AuditAsync(new AuditQuery { Pid = pid, Syscall = "spawn" }));
            Assert.Equal(((long?)pid, AuditEntry.Done), (record.Destination, record.Result));
        }
    }

    [Fact]
    public async Task The_log_says_whose_and_how_much()
    {
        var account = _system.Grains.GetGrain<IAccountGrain>("bob");
        await account.SetLimitAsync(new LimitCaller(WellKnownPids.Console, Permissions.All), ResourceLimit.Tokens, 100_000);
        Assert.Equal("bob Tokens 100000", (await LastAsync("setrlimit")).Arguments);
        await account.GetStatementAsync();
        Assert.Equal("bob", (await LastAsync("getrlimit")).Arguments);

        var singer = await MailboxAsync("singer");
        await _system.Process(singer).SetLimitAsync(ResourceLimit.Messages, 7);
        Assert.Equal("Messages 7", (await LastAsync("setrlimit")).Arguments);
        var choir = _system.Grains.GetGrain<LLMOS.Kernel.Messaging.IMulticastGroupGrain>("choir");
        await choir.JoinAsync(singer);
        await choir.LeaveAsync(singer);
        foreach (var name in (string[])["join", "leave"])
        {
            var record = await LastAsync(name);
            Assert.Equal(($"choir {singer}", (long?)singer), (record.Arguments, record.Destination));
        }

        var issued = await _system.Grains.GetGrain<IApiKeysGrain>(0).CreateAsync(new ApiKey { Id = "", Principal = "bob", Role = CallerRole.User });
        Assert.Equal("bob user", (await LastAsync("createkey")).Arguments);
        Assert.DoesNotContain(await AuditAsync(new AuditQuery()), entry => entry.Arguments.Contains(issued.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reason_to_kill_is_kept_as_a_sentence_and_not_as_a_book()
    {
        var wordy = await MailboxAsync("wordy");
        await _system.Process(wordy).KillAsync(ExitReason.Killed(new string('x', 20_000)));
        Assert.Equal(1_001, (await _system.Process(wordy).GetAsync()).Exit!.Text.Length);
    }

    [Fact]
    public async Task Messages_go_from_a_process_to_another_and_to_all()
    {
        var one = await MailboxAsync("one");
        var other = await MailboxAsync("other");
        var sent = Assert.IsType<MessageResult>(await _system.CallAsync("send", $$"""{"pid":"other","text":"hello"}""", asPid: one)).Message!;
        Assert.Equal((one, other), (sent.From, sent.To));
        var received = await ReceiveAsync(other);
        Assert.Equal(("hello", sent.MessageId), (received!.Payload, received.MessageId));
        Assert.Null(Assert.IsType<MessageResult>(await _system.CallAsync("receive", asPid: other)).Message);

        var reached = Assert.IsType<BroadcastResult>(await _system.CallAsync("broadcast", """{"text":"all hear"}"""));
        Assert.True(reached.Recipients >= 2);
        Assert.Equal("all hear", (await ReceiveAsync(one))!.Payload);
        var records = await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Pid = one, Syscall = "message" });
        Assert.Contains(records, record => record.Entry is { Source: { } from, Destination: { } to, VectorDigest.Length: 32, Tokens: > 0 } && from == one && to == other);
    }

    [Fact]
    public async Task A_region_is_made_shared_filled_and_given_back()
    {
        var owner = await MailboxAsync("owner");
        var guest = await MailboxAsync("reader");
        var region = Assert.IsType<RegionResult>(await _system.CallAsync("malloc", """{"name":"notes","size":20}""", asPid: owner)).Region;
        Assert.Equal($"/mem/{owner}/notes", region.Path);
        var path = $$"""{"path":"{{region.Path}}"}""";
        await _system.CallAsync("append", $$"""{"path":"{{region.Path}}","text":"a first line"}""", asPid: owner);
        await Speaking.DeniedAsync(() => _system.CallAsync("cat", path, asPid: guest));

        await _system.CallAsync("share", $$"""{"region":"{{region.Path}}","pid":"reader"}""", asPid: owner);
        var entries = Assert.IsType<EntriesResult>(await _system.CallAsync("cat", path, asPid: guest)).Entries;
        Assert.Equal("a first line", Assert.Single(entries).Text);
        await Speaking.DeniedAsync(() => _system.CallAsync("append", $$"""{"path":"{{region.Path}}","text":"no"}""", asPid: guest));
        await _system.CallAsync("share", $$"""{"region":"{{region.Path}}","pid":"reader","mode":"write"}""", asPid: owner);
        await _system.CallAsync("append", $$"""{"path":"{{region.Path}}","text":"yes"}""", asPid: guest);

        var full = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("append", $$"""{"path":"{{region.Path}}","text":"{{new string('x', 100)}}"}""", asPid: owner));
        Assert.Equal(LlmosErrorCode.ResourceExhausted, full.Code);
        await _system.CallAsync("free", $$"""{"region":"{{region.Path}}"}""", asPid: owner);
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("cat", path, asPid: owner))).Code);
    }

    [Fact]
    public async Task A_child_can_begin_with_what_its_parent_knows()
    {
        var parent = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "parent", Role = "You answer.", MaxTokensPerTurn = 4, Permissions = Permissions.Agent | Permissions.SpawnAgent })).Pid;
        await _system.AskAsync(parent, "Remember the blue door.");
        var child = Assert.IsType<ProcessResult>(await _system.CallAsync("spawn", """{"name":"child","inheritContext":true}""", asPid: parent)).Process;
        Assert.Equal([parent], child.Lineage);
        var entries = Assert.IsType<EntriesResult>(await _system.CallAsync("cat", $$"""{"path":"{{child.Context.Region}}"}""", asPid: child.Pid)).Entries;
        Assert.Equal("Remember the blue door.", entries[0].Text);
        Assert.Equal(2, entries.Length);
    }

    [Fact]
    public async Task A_child_waits_for_those_it_is_to_start_after()
    {
        var first = await MailboxAsync("earlier");
        var later = Assert.IsType<ProcessResult>(await _system.CallAsync("spawn", """{"name":"later","after":["earlier"]}""")).Process;
        Assert.Equal([first], later.WaitsFor);
        Assert.Equal(BlockReason.Dependency, later.BlockedOn);
        await _system.CallAsync("kill", """{"pid":"later"}""");
    }

    [Fact]
    public async Task A_limit_holds_for_the_account_that_its_children_spend_from()
    {
        var parent = (await _system.Table.SpawnAsync(new ProcessSpec { Name = "thrifty", Role = "You answer.", Budget = 5_000 })).Pid;
        _ = await _system.Table.SpawnAsync(new ProcessSpec { Name = "spender", Role = "You answer.", ParentPid = parent });
        await _system.CallAsync("setrlimit", """{"pid":"thrifty","limit":"tokens","value":700}""");
        await _system.CallAsync("setrlimit", """{"pid":"thrifty","limit":"processes","value":2}""");

        var account = await _system.Grains.GetGrain<IAccountGrain>(AccountKey.OfProcess(parent)).GetStatementAsync();
        Assert.Equal((700, 2), (account.Limits.Tokens, account.Limits.Processes));
        var full = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.SpawnAsync(new ProcessSpec { Name = "one-too-many", ParentPid = parent }));
        Assert.Equal(LlmosErrorCode.ResourceExhausted, full.Code);
    }

    [Fact]
    public async Task A_text_has_a_vector_and_a_syscall_an_explanation()
    {
        var vector = Assert.IsType<VectorResult>(await _system.CallAsync("embed", """{"text":"a blue door"}"""));
        Assert.Equal(1f, vector.Vector.Sum(value => value * value), 1e-3f);
        Assert.Contains("kill pid", Assert.IsType<TextResult>(await _system.CallAsync("help")).Text, StringComparison.Ordinal);
        Assert.StartsWith("malloc [purpose]", Assert.IsType<TextResult>(await _system.CallAsync("help", """{"topic":"malloc"}""")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_recorded_holds_together()
    {
        await _system.CallAsync("ps");
        var found = await _system.Grains.GetGrain<IAuditGrain>(0).VerifyAsync();
        Assert.True(found.IsIntact, found.Problem);
        Assert.True(found.Records > 0);
    }

    private async Task<ProcessControlBlock> ProcessAsync(string name, string args) =>
        Assert.IsType<ProcessResult>(await _system.CallAsync(name, args)).Process;

    private async Task<IEnumerable<AuditEntry>> AuditAsync(AuditQuery query) =>
        (await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(query)).Select(record => record.Entry);

    private async Task<AuditEntry> LastAsync(string syscall) => Assert.Single(await AuditAsync(new AuditQuery { Syscall = syscall, Limit = 1 }));

    private async Task<long> MailboxAsync(string name) => (await _system.Table.SpawnAsync(new ProcessSpec
    {
        Name = name,
        Program = ProcessPrograms.Mailbox,
        Permissions = Permissions.Agent | Permissions.Broadcast,
    })).Pid;

    /// <summary>The message that is on its way to a mailbox, received by the syscall.</summary>
    private async Task<LLMOS.Kernel.Messaging.VmpMessage?> ReceiveAsync(long pid)
    {
        await _system.Process(pid).PeekAsync(LLMOS.Kernel.Messaging.MessageFilter.Any, RunningSystem.Limit, CancellationToken.None);
        return Assert.IsType<MessageResult>(await _system.CallAsync("receive", asPid: pid)).Message;
    }
}
