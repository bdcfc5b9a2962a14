using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Security;

/// <summary>Bad input to the dispatcher: each is refused with the syscall and the argument, and the audit log has it.</summary>
public sealed class BadSyscallTests(SystemFixture fixture) : IClassFixture<SystemFixture>
{
    private readonly RunningSystem _system = fixture.System;

    public static TheoryData<string, string, LlmosErrorCode, string?> Bad => new()
    {
        { "kill", """{"pid":987654}""", LlmosErrorCode.NotFound, "pid" },
        { "kill", """{"pid":"nobody"}""", LlmosErrorCode.NotFound, "pid" },
        { "kill", """{"pid":-1}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":0}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":1.5}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":1e28}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":true}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":[1]}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":{"a":1}}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":1e400}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":null}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", "[42]", LlmosErrorCode.InvalidArgument, "args" },
        { "kill", """{"pid":""}""", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", "{}", LlmosErrorCode.InvalidArgument, "pid" },
        { "kill", """{"pid":1}""", LlmosErrorCode.FailedPrecondition, "pid" },
        { "kill", """{"pid":"monitor"}""", LlmosErrorCode.FailedPrecondition, "pid" },
        { "suspend", """{"pid":1}""", LlmosErrorCode.FailedPrecondition, "pid" },
        { "kill", """{"pid":1,"why":"so"}""", LlmosErrorCode.InvalidArgument, "why" },
        { "spawn", """{"budget":-5}""", LlmosErrorCode.InvalidArgument, "budget" },
        { "spawn", """{"budget":0}""", LlmosErrorCode.InvalidArgument, "budget" },
        { "spawn", """{"budget":"many"}""", LlmosErrorCode.InvalidArgument, "budget" },
        { "spawn", """{"budget":1e27}""", LlmosErrorCode.InvalidArgument, "budget" },
        { "spawn", """{"priority":20}""", LlmosErrorCode.InvalidArgument, "priority" },
        { "spawn", """{"priority":"SOON"}""", LlmosErrorCode.InvalidArgument, "priority" },
        { "spawn", """{"priority":true}""", LlmosErrorCode.InvalidArgument, "priority" },
        { "spawn", """{"kind":"god"}""", LlmosErrorCode.InvalidArgument, "kind" },
        { "spawn", """{"name":"two words"}""", LlmosErrorCode.InvalidArgument, "name" },
        { "spawn", """{"after":[null]}""", LlmosErrorCode.InvalidArgument, "after" },
        { "spawn", """{"role":7}""", LlmosErrorCode.InvalidArgument, "role" },
        { "spawn", """{"after":[1]}""", LlmosErrorCode.InvalidArgument, "after" },
        { "spawn", """{"after":[987654]}""", LlmosErrorCode.NotFound, "after" },
        { "spawn", """{"inheritContext":true}""", LlmosErrorCode.InvalidArgument, "inheritContext" },
        { "spawn", """{"inheritContext":"yes"}""", LlmosErrorCode.InvalidArgument, "inheritContext" },
        { "nice", """{"pid":5,"delta":1e20}""", LlmosErrorCode.InvalidArgument, "delta" },
        { "setpriority", """{"pid":5,"priority":-1}""", LlmosErrorCode.InvalidArgument, "priority" },
        { "setrlimit", """{"limit":"tokens","value":-1}""", LlmosErrorCode.InvalidArgument, "value" },
        { "setrlimit", """{"limit":"gold","value":1}""", LlmosErrorCode.InvalidArgument, "limit" },
        { "setrlimit", """{"limit":"messages","value":1e18}""", LlmosErrorCode.InvalidArgument, "value" },
        { "setrlimit", """{"pid":5,"limit":"hardcap","value":2}""", LlmosErrorCode.InvalidArgument, "value" },
        { "setrlimit", """{"pid":5,"limit":"slice","value":0}""", LlmosErrorCode.InvalidArgument, "value" },
        { "setrlimit", """{"pid":5,"limit":"tokens","value":0}""", LlmosErrorCode.InvalidArgument, "value" },
        { "malloc", """{"name":"../../etc"}""", LlmosErrorCode.InvalidArgument, "name" },
        { "malloc", """{"size":0}""", LlmosErrorCode.InvalidArgument, "size" },
        { "free", """{"region":"/none"}""", LlmosErrorCode.NotFound, "region" },
        { "cat", """{"path":"../x"}""", LlmosErrorCode.InvalidArgument, "path" },
        { "cat", """{"path":"/none"}""", LlmosErrorCode.NotFound, "path" },
        { "send", """{"pid":987654,"text":"hello"}""", LlmosErrorCode.NotFound, "pid" },
        { "send", """{"pid":5}""", LlmosErrorCode.InvalidArgument, "text" },
        { "ls", """{"path":"/none"}""", LlmosErrorCode.NotFound, "path" },
        { "search", """{"query":" "}""", LlmosErrorCode.InvalidArgument, "query" },
        { "index", """{"path":"/tmp"}""", LlmosErrorCode.NotFound, "path" },
        { "index", """{"path":"/../x"}""", LlmosErrorCode.InvalidArgument, "path" },
        { "write", """{"path":"/../x","text":"x"}""", LlmosErrorCode.InvalidArgument, "path" },
        { "rollback", """{"path":"/none","version":0}""", LlmosErrorCode.InvalidArgument, "version" },
        { "merge", """{"a":1,"b":2}""", LlmosErrorCode.NotAvailable, null },
        { "swapModel", """{"pid":5,"model":"another"}""", LlmosErrorCode.FailedPrecondition, "pid" },
        { "swapModel", """{"pid":5}""", LlmosErrorCode.InvalidArgument, "model" },
        { "help", """{"topic":"happiness"}""", LlmosErrorCode.NotFound, "topic" },
        { "frobnicate", "{}", LlmosErrorCode.NotFound, null },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task It_is_refused_with_the_syscall_and_the_argument(string name, string args, LlmosErrorCode code, string? argument)
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync(name, args));
        Assert.True(error.Code == code, $"{error.Code}: {error.Message}");
        Assert.Equal(name, error.Syscall);
        Assert.Equal(argument, error.Argument);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        var record = (await LastAsync(name)).Entry;
        Assert.StartsWith($"{code}: ", record.Result, StringComparison.Ordinal);
        Assert.Equal("local", record.Principal);
    }

    [Fact]
    public async Task A_text_over_the_limit_is_refused()
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() =>
            _system.CallAsync("send", $$"""{"pid":5,"text":"{{new string('x', MessageRules.MaxPayloadLength + 1)}}"}"""));
        Assert.Equal((LlmosErrorCode.InvalidArgument, "send", "text"), (error.Code, error.Syscall, error.Argument));
        Assert.Contains("262145", error.Message, StringComparison.Ordinal);
        Assert.True((await LastAsync("send")).Entry.Arguments.Length < 300);
    }

    [Fact]
    public async Task A_name_of_an_argument_is_not_echoed_whole()
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("kill", $$"""{"{{new string('x', 100_000)}}":1}"""));
        Assert.True(error.Message.Length < 200, error.Message);
        Assert.True(error.Argument!.Length < 100, error.Argument);
    }

    [Fact]
    public async Task A_model_there_is_not_is_the_models_fault_and_not_the_processs()
    {
        var agent = await _system.Table.SpawnAsync(new ProcessSpec { Name = "thinker", Role = "You answer." });
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("swapModel", $$"""{"pid":{{agent.Pid}},"model":"nope"}"""));
        Assert.Equal((LlmosErrorCode.NotFound, "swapModel", "model"), (error.Code, error.Syscall, error.Argument));
    }

    [Theory]
    [InlineData("987654")]
    [InlineData("nobody-at-all")]
    public async Task A_process_that_is_looked_up_for_a_syscall_and_is_not_there_is_a_failure_of_the_syscall(string named)
    {
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.Table.ResolveForAsync(named, "revoke"));
        Assert.Equal((LlmosErrorCode.NotFound, "revoke", "pid"), (error.Code, error.Syscall, error.Argument));
        Assert.StartsWith("revoke, pid: There is no process", error.Message, StringComparison.Ordinal);
        var record = (await LastAsync("revoke")).Entry;
        Assert.Equal(($"pid={named}", "local", $"NotFound: {error.Message}"), (record.Arguments, record.Principal, record.Result));
    }

    [Fact]
    public async Task A_vector_of_another_length_or_with_a_value_that_is_no_number_is_refused()
    {
        var wrong = new float[256];
        wrong[7] = float.NaN;
        foreach (var vector in (float[][])[new float[3], wrong])
        {
            var error = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("send", """{"pid":5,"text":"hi"}""", vector: vector));
            Assert.Equal((LlmosErrorCode.InvalidArgument, "send", "vector"), (error.Code, error.Syscall, error.Argument));
        }

        var none = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync("ps", vector: new float[256]));
        Assert.Equal("vector", none.Argument);
    }

    [Fact]
    public async Task A_process_can_neither_kill_itself_nor_wait_for_itself()
    {
        var process = await _system.Table.SpawnAsync(new ProcessSpec { Name = "lonely", Program = ProcessPrograms.Mailbox });
        foreach (var name in (string[])["kill", "wait"])
        {
            var error = await Assert.ThrowsAsync<LlmosException>(() => _system.CallAsync(name, $$"""{"pid":{{process.Pid}}}""", asPid: process.Pid));
            Assert.Equal((LlmosErrorCode.FailedPrecondition, name, "pid"), (error.Code, error.Syscall, error.Argument));
            Assert.Equal(process.Pid, (await LastAsync(name)).Entry.Source);
        }

        Assert.Equal(ProcessState.Blocked, (await _system.Process(process.Pid).GetAsync()).State);
    }

    private async Task<AuditRecord> LastAsync(string syscall) =>
        Assert.Single(await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Syscall = syscall, Limit = 1 }));
}
