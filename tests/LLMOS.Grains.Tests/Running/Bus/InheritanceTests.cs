using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Whoever waits for another lends it its priority.</summary>
public sealed class InheritanceTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-inheritance-").FullName;
    private BusSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await BusSystem.StartAsync(_data);

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task An_urgent_client_makes_all_that_it_waits_for_urgent_and_its_question_overtakes_a_middling_one()
    {
        // The client waits for the middle one, which waits for the last one, which is busy with something else.
        var (client, middle, last) = await ChainAsync();
        await _system.SendAsync(last, "first");
        var hog = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        await BusSystem.UntilAsync(() => Task.FromResult(_system.Programs.Begun.Any(message => message.To == last)), "the last one is busy");
        await _system.Process(hog).SendAsync(new OutgoingMessage { To = last, Payload = "middling", Priority = new ProcessPriority(10) });
        var waiting = await AskAsync(client, middle, $"ask {last} urgent");
        await EffectiveAsync(middle, 2);
        await EffectiveAsync(last, 2);
        Assert.Equal(15, (await _system.Process(last).GetAsync()).Priority.Value);

        _system.Programs.Open(last);
        Assert.Equal("urgent", (await waiting)!.Payload);
        await BusSystem.UntilAsync(() => Task.FromResult(_system.Programs.Begun.Count(message => message.To == last) == 3), "all three were handled");
        Assert.Equal(["first", "urgent", "middling"], _system.Programs.Begun.Where(message => message.To == last).Select(message => message.Payload));
        await EffectiveAsync(middle, 15);
        await EffectiveAsync(last, 15);
    }

    [Fact]
    public async Task A_priority_is_lent_until_the_lender_dies_and_changes_with_it()
    {
        var (client, middle, last) = await ChainAsync();
        var waiting = AskAsync(client, middle, $"ask {last} urgent");
        await EffectiveAsync(last, 2);
        await _system.Process(client).SetPriorityAsync(new ProcessPriority(5));
        await EffectiveAsync(last, 5);
        await _system.Process(client).KillAsync(ExitReason.Killed("it is not wanted any more"));
        await EffectiveAsync(middle, 15);
        await EffectiveAsync(last, 15);
        await (await waiting);
    }

    [Fact]
    public async Task A_process_that_another_is_to_start_after_is_as_urgent_as_that()
    {
        var last = await _system.SpawnAsync("gate", spec => spec with { Priority = new ProcessPriority(15) });
        var waiting = await _system.SpawnAsync("echo", spec => spec with { Priority = new ProcessPriority(3), After = [last] });
        await EffectiveAsync(last, 3);
        await _system.Process(waiting).KillAsync(ExitReason.Killed("it is not wanted any more"));
        await EffectiveAsync(last, 15);
    }

    private async Task<(long Client, long Middle, long Last)> ChainAsync()
    {
        var last = await _system.SpawnAsync("gate", spec => spec with { Name = "last", Priority = new ProcessPriority(15) });
        var middle = await _system.SpawnAsync("talk", spec => spec with { Name = "middle", Priority = new ProcessPriority(15) });
        return (await _system.SpawnAsync(ProcessPrograms.Mailbox, spec => spec with { Name = "client", Priority = new ProcessPriority(2) }), middle, last);
    }

    /// <summary>Sends a request from a process whose mailbox is read from outside, and begins to wait for the answer.</summary>
    private async Task<Task<VmpMessage?>> AskAsync(long client, long to, string text)
    {
        var sent = await _system.Process(client).SendAsync(new OutgoingMessage { To = to, Payload = text });
        return _system.Process(client).PeekAsync(
            new MessageFilter { From = to, CorrelationId = sent.MessageId.ToString(), MessageType = VmpMessageType.Response }, RunningSystem.Limit, CancellationToken.None);
    }

    private Task EffectiveAsync(long pid, int priority) => BusSystem.UntilAsync(
        async () => (await _system.Process(pid).GetAsync()).EffectivePriority?.Value == priority, $"process {pid} runs at priority {priority}");
}
