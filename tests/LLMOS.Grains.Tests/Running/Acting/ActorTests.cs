using System.Collections.Immutable;
using System.Globalization;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.SystemInterface.Acting;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Tests.Running.Acting;

/// <summary>Agents whose own output is syscalls, on the model that comes with the system.</summary>
public sealed class ActorTests(ActorTests.NanoSystem fixture) : IClassFixture<ActorTests.NanoSystem>
{
    private RunningSystem Running => fixture.Running;

    [Fact]
    public async Task What_it_is_asked_for_it_does_in_its_own_name_and_says_what_came_of_it()
    {
        var actor = await ActorAsync("doer");
        var worker = await Running.Table.SpawnAsync(new ProcessSpec { Name = "worker", Program = ProcessPrograms.Mailbox, ParentPid = actor.Pid });
        var answer = await Running.AskAsync(actor.Pid, $"suspend {worker.Pid}");
        Assert.Equal($"suspend: worker (PID {worker.Pid}) is SUSPENDED, priority 10", answer.Payload);
        Assert.Equal(ProcessState.Suspended, (await Running.Process(worker.Pid).GetAsync()).State);

        var records = await Running.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery { Pid = worker.Pid, Syscall = "suspend" });
        Assert.Equal([AuditEntry.Begun, AuditEntry.Done], records.Select(record => record.Entry.Result));
        Assert.All(records, record => Assert.Equal(actor.Pid, record.Entry.Source));
        var after = await Running.Process(actor.Pid).GetAsync();
        Assert.True(after is { PromptTokens: > 0, CompletionTokens: > 0, Turns: 1 }, $"{after}");
        var context = await Running.Grains.GetGrain<IContextRegionGrain>(after.Context.Region).ReadAsync();
        Assert.Equal([$"suspend {worker.Pid}", answer.Payload], context.Select(entry => entry.Text));
    }

    [Fact]
    public async Task What_it_may_not_do_is_refused_and_that_is_the_answer()
    {
        var actor = await ActorAsync("meek");
        var strangers = await Running.Table.SpawnAsync(new ProcessSpec { Name = "strangers", Program = ProcessPrograms.Mailbox });
        var answer = await Running.AskAsync(actor.Pid, $"kill {strangers.Pid}");
        Assert.Contains($"process {actor.Pid} may not kill", answer.Payload, StringComparison.Ordinal);
        Assert.NotEqual(ProcessState.Terminated, (await Running.Process(strangers.Pid).GetAsync()).State);

        var missing = await Running.AskAsync(actor.Pid, "resume 987654");
        Assert.Contains("no process 987654", missing.Payload, StringComparison.Ordinal);
        var own = await Running.AskAsync(actor.Pid, $"kill {actor.Pid}");
        Assert.Contains("cannot kill itself", own.Payload, StringComparison.Ordinal);
        Assert.NotEqual(ProcessState.Terminated, (await Running.Process(actor.Pid).GetAsync()).State);
    }

    [Fact]
    public async Task What_asks_for_nothing_is_answered_as_by_any_agent()
    {
        var actor = await ActorAsync("talker");
        var answer = await Running.AskAsync(actor.Pid, "Hello there, how are you?");
        Assert.Null(VmpHeaders.ErrorOf(answer));
        Assert.NotEmpty(answer.Payload);
        var journal = await Running.Grains.GetGrain<IContextRegionGrain>(Actions(actor.Pid)).ReadAsync();
        Assert.Equal("[]", Assert.Single(journal).Text);
    }

    [Fact]
    public async Task A_budget_that_is_too_small_for_what_it_is_asked_is_an_error_and_ends_nobody()
    {
        var actor = await Running.Table.SpawnAsync(new ProcessSpec { Name = "poor", Role = "shell", Program = ProcessPrograms.Actor, Budget = 40, BudgetSlice = TimeSpan.FromMilliseconds(200) });
        var asked = await Running.AskAsync(actor.Pid, "create a file /apps/notes/today.txt that says that the garden was watered, then spawn a gardener, a baker and a painter");
        Assert.Contains("takes more than the", VmpHeaders.ErrorOf(asked)?.Message, StringComparison.Ordinal);
        var talk = await Running.AskAsync(actor.Pid, "Hello there, how are you?");
        Assert.NotEmpty(talk.Payload);
        Assert.NotEqual(ProcessState.Terminated, (await Running.Process(actor.Pid).GetAsync()).State);
    }

    [Fact]
    public async Task It_waits_for_an_end_and_says_how_that_was()
    {
        var actor = await ActorAsync("patient");
        var worker = await Running.Table.SpawnAsync(new ProcessSpec { Name = "worker", Program = ProcessPrograms.Mailbox, ParentPid = actor.Pid });
        var request = await Running.RequestAsync(actor.Pid, $"wait for {worker.Pid}");
        await Running.Process(worker.Pid).KillAsync(ExitReason.Killed("enough"));
        Assert.Equal($"wait: worker (PID {worker.Pid}) is TERMINATED, KILL with code 137: enough", (await Running.ResponseAsync(request)).Payload);

        // One wait of the dispatcher is over before what is waited for is.
        var seen = new Queue<ProcessControlBlock>([worker, worker, await Running.Process(worker.Pid).GetAsync()]);
        var wait = SyscallJson.Read("""[{"syscall":"wait","args":{"pid":1}}]""")[0];
        var result = await ActorProgram.CompleteAsync(wait, () => Task.FromResult<SyscallResult>(new ProcessResult(seen.Dequeue())), CancellationToken.None);
        Assert.Equal((ProcessState.Terminated, 0), (Assert.IsType<ProcessResult>(result).Process.State, seen.Count));
    }

    /// <summary>What a crash leaves of a turn is in its journal; the turn that is run again finds it there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_turn_that_is_run_again_makes_no_call_twice(bool isDone)
    {
        var actor = await ActorAsync("careful");
        var worker = await Running.Table.SpawnAsync(new ProcessSpec { Name = "worker", Program = ProcessPrograms.Mailbox, ParentPid = actor.Pid });
        await Running.Process(actor.Pid).SuspendAsync("for the test");
        var request = await Running.RequestAsync(actor.Pid, $"suspend {worker.Pid}");

        // As a turn leaves it that was cut short after it had begun the call, or after it had made it.
        var journal = Running.Grains.GetGrain<IContextRegionGrain>(Actions(actor.Pid));
        await journal.TryCreateAsync($"process/{actor.Pid}");
        ImmutableArray<SyscallCall> plan = SyscallJson.Read(string.Create(CultureInfo.InvariantCulture, $$"""[{"syscall":"suspend","args":{"pid":{{worker.Pid}}} }]"""));
        await WriteAsync(2_000, SyscallJson.Write(plan));
        await WriteAsync(2_001, $"{plan[0]} …");
        if (isDone)
            await WriteAsync(2_002, "suspend: it was done");

        await Running.Process(actor.Pid).ResumeAsync();
        var answer = await Running.ResponseAsync(request);
        Assert.Contains(isDone ? "suspend: it was done" : "whether it was done is not known", answer.Payload, StringComparison.Ordinal);
        Assert.NotEqual(ProcessState.Suspended, (await Running.Process(worker.Pid).GetAsync()).State);
        Assert.Equal(0, (await Running.Process(actor.Pid).GetAsync()).CompletionTokens);

        Task WriteAsync(int entry, string text) => journal.AppendAsync(new ContextEntry(
            MessageIds.Derive(request.MessageId, actor.Pid, entry), actor.Pid, actor.Name, text, 10, DateTimeOffset.UtcNow));
    }

    private static string Actions(long pid) => string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/actions");

    private Task<ProcessControlBlock> ActorAsync(string name) =>
        Running.Table.SpawnAsync(new ProcessSpec { Name = name, Role = "shell", Program = ProcessPrograms.Actor });

    /// <summary>A system with the model that comes with it.</summary>
    public sealed class NanoSystem : IAsyncLifetime
    {
        private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("llmos-actor-");

        internal RunningSystem Running { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Running = await RunningSystem.StartAsync(_data.FullName, with: options => options.Models.Default = "");

        public async ValueTask DisposeAsync()
        {
            await Running.DisposeAsync();
            _data.Delete(recursive: true);
        }
    }
}
