using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Tests.Running;

/// <summary>A wall clock that is set by hours while things wait for it.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private static readonly LimitCaller Root = new(WellKnownPids.Console, Permissions.All);

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-clock-").FullName;
    private readonly JumpingTime _time = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData(-5)]
    [InlineData(5)]
    public async Task Whatever_waits_goes_on_and_the_books_are_right(int hours)
    {
        await using var system = await StartAsync();

        // Each of these waits for a moment that the clock then jumps away from, or past.
        var slice = (await system.Table.SpawnAsync(Agent("slice") with { Budget = 80, BudgetSlice = TimeSpan.FromSeconds(4) })).Pid;
        await system.AskAsync(slice, "Spend most of the slice.");
        var sliced = await system.RequestAsync(slice, "Wait for the next one.");
        await system.SeeAsync(slice, output => output.Text.Contains("tokens are left", StringComparison.Ordinal), "that it waits for its slice");

        var shared = (await system.Table.SpawnAsync(Agent("shared") with { Account = "alice" })).Pid;
        await Account(system).SetLimitAsync(Root, ResourceLimit.Tokens, 80);
        await Account(system).SetLimitAsync(Root, ResourceLimit.Slice, 4);
        await system.AskAsync(shared, "Spend most of the slice.");
        var leased = await system.RequestAsync(shared, "Wait for the next one.");

        var restarts = (await Spawn(system, "restarts", spec => spec with { Restart = RestartPolicy.OnFailure, RestartDelay = TimeSpan.FromSeconds(3) })).Pid;
        var restarted = await system.RequestAsync(restarts, "fail 1");
        var retries = (await Spawn(system, "retries")).Pid;
        var retried = await system.RequestAsync(retries, "pass 3");
        var late = (await Spawn(system, "late")).Pid;
        await system.Process(late).SuspendAsync("to be late");
        var expired = await SendAsync(system, late, TimeSpan.FromSeconds(5));
        var brief = (await Spawn(system, "brief", spec => spec with { MaxLifetime = TimeSpan.FromSeconds(6) })).Pid;
        await system.SeeAsync(restarts, output => output.Kind == ProcessOutputKind.TurnRestarted, "that it begins anew");
        await system.SeeAsync(retries, output => output.Kind == ProcessOutputKind.TurnRestarted, "that it is tried again");
        await CameAsync(system, late);

        _time.Jump(TimeSpan.FromHours(hours));

        foreach (var request in (VmpMessage[])[sliced, leased, restarted, retried])
        {
            var answer = await system.ResponseAsync(request);
            Assert.True(VmpHeaders.ErrorOf(answer) is null, $"{request.Payload}: {VmpHeaders.ErrorOf(answer)?.Message}");
        }

        Assert.Equal(LlmosErrorCode.DeadlineExceeded, VmpHeaders.ErrorOf(await system.ResponseAsync(expired))?.Code);
        var ended = await system.Process(brief).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Equal(ExitKind.Limit, ended.Exit?.Kind);
        await HoldBooksAsync(system, slice, shared);
    }

    [Fact]
    public async Task What_has_hours_left_as_time_passes_is_not_ended_by_a_clock_that_is_put_forward()
    {
        await using var system = await StartAsync();
        var lives = (await Spawn(system, "lives", spec => spec with { MaxLifetime = TimeSpan.FromHours(1) })).Pid;
        await system.Process(lives).SuspendAsync("for the clock");
        var request = await SendAsync(system, lives, TimeSpan.FromHours(1));
        await CameAsync(system, lives);
        _time.Jump(TimeSpan.FromHours(5));
        await system.Process(lives).ResumeAsync();
        Assert.Null(VmpHeaders.ErrorOf(await system.ResponseAsync(request)));
        Assert.Equal(ProcessState.Blocked, (await system.Process(lives).GetAsync()).State);
    }

    [Fact]
    public async Task What_a_former_life_stored_ahead_of_the_clock_is_not_waited_for()
    {
        long slice;
        long restarts;
        VmpMessage sliced;
        VmpMessage restarted;
        await using (var system = await StartAsync())
        {
            _time.Jump(TimeSpan.FromHours(5));
            slice = (await system.Table.SpawnAsync(Agent("slice") with { Budget = 80, BudgetSlice = TimeSpan.FromSeconds(3) })).Pid;
            await system.AskAsync(slice, "Spend most of the slice.");
            sliced = await system.RequestAsync(slice, "Wait for the next one.");
            restarts = (await Spawn(system, "restarts", spec => spec with { Restart = RestartPolicy.OnFailure, RestartDelay = TimeSpan.FromSeconds(1) })).Pid;
            restarted = await system.RequestAsync(restarts, "fail 1");
            await system.SeeAsync(restarts, output => output.Kind == ProcessOutputKind.TurnRestarted, "that it begins anew");
        }

        _time.Jump(TimeSpan.FromHours(-5));
        await using (var system = await StartAsync())
        {
            Assert.Null(VmpHeaders.ErrorOf(await system.ResponseAsync(sliced)));
            Assert.Null(VmpHeaders.ErrorOf(await system.ResponseAsync(restarted)));
        }
    }

    private static async Task HoldBooksAsync(RunningSystem system, params long[] pids)
    {
        foreach (var pid in pids)
        {
            var process = await system.Process(pid).GetAsync();
            var meter = (await system.Process(pid).ReadMeterAsync()).Reading.Tokens;
            Assert.Equal(process.PromptTokens + process.CompletionTokens, meter);
            Assert.InRange(process.Budget.Consumed, 0, meter);
        }

        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        while (await Account(system).GetStatementAsync() is var statement
            && (statement.Leased != 0 || statement.TotalTokens != (await system.Process(pids[^1]).ReadMeterAsync()).Reading.Tokens))
        {
            Assert.True(DateTime.UtcNow < deadline, $"the account is {statement}");
            await Task.Yield();
        }
    }

    /// <summary>A deadline is a time of the wall clock until it lies in the mailbox.</summary>
    private static async Task CameAsync(RunningSystem system, long pid)
    {
        var deadline = DateTime.UtcNow + RunningSystem.Limit;
        while ((await system.Process(pid).GetAsync()).Waiting == 0)
        {
            Assert.True(DateTime.UtcNow < deadline, $"no message came to process {pid}");
            await Task.Yield();
        }
    }

    private static IAccountGrain Account(RunningSystem system) => system.Grains.GetGrain<IAccountGrain>("alice");

    private Task<VmpMessage> SendAsync(RunningSystem system, long to, TimeSpan deadline) =>
        system.Console.SendAsync(new OutgoingMessage { To = to, Payload = "in time", Deadline = _time.GetUtcNow() + deadline });

    private Task<RunningSystem> StartAsync() => RunningSystem.StartAsync(_data, configure: services => services
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton<IProcessProgram, FailingProgram>());

    private static Task<ProcessControlBlock> Spawn(RunningSystem system, string name, Func<ProcessSpec, ProcessSpec>? with = null)
    {
        var spec = new ProcessSpec { Name = name, Program = "failing" };
        return system.Table.SpawnAsync(with?.Invoke(spec) ?? spec);
    }

    private static ProcessSpec Agent(string name) => new() { Name = name, Role = "You answer.", MaxTokensPerTurn = 24 };
}
