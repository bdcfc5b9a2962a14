using System.Diagnostics;
using LLMOS.Agents.SystemAgents;
using LLMOS.Kernel.Memory;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Processes that wait for each other.</summary>
public sealed class DeadlockTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-deadlocks-").FullName;
    private BusSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await BusSystem.StartAsync(_data);

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Two_that_ask_each_other_are_found_within_two_seconds_and_the_less_urgent_gives_up()
    {
        var (alice, bob) = (await TalkerAsync("alice"), await TalkerAsync("bob", priority: 12));
        var watch = Stopwatch.StartNew();
        var request = await _system.SendAsync(alice, $"ask {bob} ask {alice} hello");
        var error = VmpHeaders.ErrorOf(await _system.AnswerAsync(request))!;
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"it took {watch.Elapsed}");

        var circle = $"{alice} (alice) waits for {bob} (bob), which waits for {alice} (alice)";
        Assert.Equal(LlmosErrorCode.Deadlock, error.Code);
        Assert.Contains(circle, error.Message, StringComparison.Ordinal);
        Assert.Contains($"The wait of process {bob} (bob) could never end", error.Message, StringComparison.Ordinal);

        // The question that came to the first of them is answered as soon as it is free again.
        await BusSystem.UntilAsync(async () => (await _system.Process(alice).GetAsync()) is { Waiting: 0, State: ProcessState.Blocked, BlockedOn: BlockReason.Receive }, "alice is idle");
        await BusSystem.UntilAsync(async () => (await RecordsAsync()).Any(record => record.Entry.Arguments.Contains(circle, StringComparison.Ordinal) && record.Entry.Source == bob), "the audit log names the circle");
        await BusSystem.UntilAsync(async () => (await _system.Grains.GetGrain<IContextRegionGrain>(LoggerProgram.Region).TailAsync(10_000)).Any(entry => entry.Text.Contains(circle, StringComparison.Ordinal)), "the system log names the circle");
        Assert.Equal("once more", (await _system.AnswerAsync(await _system.SendAsync(bob, $"ask {alice} once more"))).Payload);
    }

    [Fact]
    public async Task A_wait_for_an_acknowledgement_is_part_of_a_circle_and_comes_back_as_an_error()
    {
        var gate = await _system.SpawnAsync("gate");
        var (alice, bob) = (await TalkerAsync("alice"), await TalkerAsync("bob", priority: 12));
        var request = await _system.SendAsync(alice, $"ask {gate} hello;ask {bob} hello");
        await _system.BlockedOnAsync(alice, BlockReason.Response);
        await _system.SendAsync(bob, $"ack {alice}");
        await _system.BlockedOnAsync(bob, BlockReason.Ack);

        _system.Programs.Open(gate);
        Assert.Equal("hello", (await _system.AnswerAsync(request)).Payload);
        var notice = _system.Programs.Begun.Single(message => message.To == bob && VmpHeaders.ErrorOf(message) is not null);
        Assert.Contains($"{alice} (alice) waits for {bob} (bob), which waits for {alice} (alice)", notice.Payload, StringComparison.Ordinal);
        Assert.NotNull(VmpHeaders.AcknowledgedBy(notice));
    }

    [Fact]
    public async Task A_process_that_is_to_start_after_one_that_asks_it_ends_with_the_circle_as_its_reason()
    {
        var bob = await TalkerAsync("bob");
        var alice = await _system.SpawnAsync("talk", spec => spec with { Name = "alice", After = [bob], Priority = new ProcessPriority(12) });
        var error = VmpHeaders.ErrorOf(await _system.AnswerAsync(await _system.SendAsync(bob, $"ask {alice} hello")))!;
        var end = await _system.Process(alice).WaitForEndAsync(RunningSystem.Limit, CancellationToken.None);
        Assert.Contains($"{bob} (bob) waits for {alice} (alice), which waits for the end of {bob} (bob)", end.Exit!.Text, StringComparison.Ordinal);
        Assert.Equal(ExitKind.Fault, end.Exit.Kind);
        Assert.Contains("ended before it handled the message", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_waits_for_room_where_an_acknowledgement_is_waited_for_goes_over_the_bound()
    {
        await _system.DisposeAsync();
        _system = await BusSystem.StartAsync(_data, options => options.MaxMailboxMessages = 2);
        var gate = await _system.SpawnAsync("gate");
        var (alice, bob) = (await TalkerAsync("alice"), await TalkerAsync("bob", priority: 12));
        await _system.SendAsync(bob, $"ask {gate} hello;ack {alice}");
        await _system.BlockedOnAsync(bob, BlockReason.Response);
        await _system.SendAsync(alice, $"ack {bob}");
        await _system.BlockedOnAsync(alice, BlockReason.Ack);
        await _system.SendAsync(alice, "hello");
        await _system.SendAsync(alice, "hello again");

        // Bob's message finds the mailbox of alice full, who reads nothing before bob has read hers.
        _system.Programs.Open(gate);
        var circle = $"{alice} (alice) waits for {bob} (bob), which waits for room in the mailbox of {alice} (alice)";
        await BusSystem.UntilAsync(async () => (await RecordsAsync()).Any(record => record.Entry.Arguments.Contains(circle, StringComparison.Ordinal)), "the circle is found");
        foreach (var pid in new[] { alice, bob })
        {
            await BusSystem.UntilAsync(async () => await _system.Process(pid).GetAsync() is { Waiting: 0, BlockedOn: BlockReason.Receive }, $"process {pid} has handled all");
        }

        Assert.Single(_system.Programs.Begun, message => message.To == alice && message.From == bob);
        Assert.Single(_system.Programs.Begun, message => message.To == bob && message.From == alice && VmpHeaders.AcknowledgedBy(message) is null);
    }

    [Fact]
    public async Task Waits_that_follow_each_other_in_both_directions_and_long_chains_are_no_circles()
    {
        var gate = await _system.SpawnAsync("gate");
        var (alice, bob) = (await TalkerAsync("alice"), await TalkerAsync("bob"));
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("hello", (await _system.AnswerAsync(await _system.SendAsync(alice, $"ask {bob} hello"))).Payload);
            Assert.Equal("hello", (await _system.AnswerAsync(await _system.SendAsync(bob, $"ask {alice} hello"))).Payload);
        }

        // Both questions are in flight at once, and the probes of the one meet the other: bob waits for alice, who waits for the gate.
        var held = await _system.SendAsync(alice, $"ask {gate} hello;ask {bob} hello");
        await _system.BlockedOnAsync(alice, BlockReason.Response);
        var second = await TalkerAsync("carol");
        var chained = await _system.SendAsync(second, $"ask {alice} hello");
        await BusSystem.UntilAsync(async () => (await _system.Process(alice).GetAsync()).Waiting == 2, "carol's question waits for alice");
        _system.Programs.Open(gate);
        Assert.Null(VmpHeaders.ErrorOf(await _system.AnswerAsync(held)));
        Assert.Equal("hello", (await _system.AnswerAsync(chained)).Payload);
        Assert.DoesNotContain(await RecordsAsync(), record => record.Entry.Syscall == "deadlock");
    }

    [Fact]
    public async Task An_answer_finds_the_turn_that_asked_also_after_a_restart()
    {
        var gate = await _system.SpawnAsync("gate");
        var alice = await TalkerAsync("alice");
        var request = await _system.SendAsync(alice, $"ask {gate} hello");
        await _system.BlockedOnAsync(alice, BlockReason.Response);
        await BusSystem.UntilAsync(() => Task.FromResult(_system.Programs.Begun.Any(message => message.To == gate)), "the gate has the question");
        await _system.DisposeAsync();

        _system = await BusSystem.StartAsync(_data);
        _system.Programs.Open(gate);
        Assert.Equal("hello", (await _system.AnswerAsync(request)).Payload);
        Assert.Single(_system.Programs.Begun, message => message.To == gate);
        Assert.Equal(1, (await _system.Process(alice).GetAsync()).Turns);
    }

    private Task<long> TalkerAsync(string name, int priority = 10) =>
        _system.SpawnAsync("talk", spec => spec with { Name = name, Priority = new ProcessPriority(priority) });

    private async Task<IReadOnlyList<AuditRecord>> RecordsAsync() => await _system.Grains.GetGrain<IAuditGrain>(0).QueryAsync(new AuditQuery());
}
