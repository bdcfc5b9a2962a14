using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Mailboxes that are full.</summary>
public sealed class BackPressureTests : IAsyncLifetime
{
    private const int Bound = 3;

    private readonly string _data = Directory.CreateTempSubdirectory("llmos-bound-").FullName;
    private BusSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await BusSystem.StartAsync(_data, options => options.MaxMailboxMessages = Bound);

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Who_sends_from_outside_is_told_the_bound_and_may_send_when_there_is_room()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        for (var i = 0; i < Bound; i++)
        {
            await _system.SendAsync(inbox, $"{i}");
        }

        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.SendAsync(inbox, "too much"));
        Assert.Equal(LlmosErrorCode.ResourceExhausted, error.Code);
        Assert.Contains($"is full: it has {Bound} of {Bound} messages", error.Message, StringComparison.Ordinal);
        Assert.Equal("0", (await _system.ReceiveAsync(inbox)).Payload);
        await _system.SendAsync(inbox, "3");
        for (var i = 1; i <= Bound; i++)
        {
            Assert.Equal($"{i}", (await _system.ReceiveAsync(inbox)).Payload);
        }

        Assert.DoesNotContain(await _system.Log.QueryAsync(new MessageQuery { Pid = inbox }), logged => logged.Message.Payload == "too much");
    }

    [Fact]
    public async Task A_process_may_have_a_smaller_mailbox_of_its_own_and_never_a_larger_one()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var grain = _system.Process(inbox);
        await _system.SendAsync(inbox, "0");
        await _system.SendAsync(inbox, "1");
        await BusSystem.UntilAsync(async () => (await grain.GetAsync()).Waiting == 2, "both are there");
        var statement = await grain.SetLimitAsync(ResourceLimit.Messages, 1);
        Assert.Equal((1, 2), (statement.Limits.Messages, statement.Messages));
        await RefusedAsync("2 of 1 messages");
        Assert.Equal("0", (await _system.ReceiveAsync(inbox)).Payload);
        await RefusedAsync("1 of 1 messages");
        Assert.Equal("1", (await _system.ReceiveAsync(inbox)).Payload);
        await _system.SendAsync(inbox, "2");

        await grain.SetLimitAsync(ResourceLimit.Messages, 100);
        await _system.SendAsync(inbox, "3");
        await _system.SendAsync(inbox, "4");
        await RefusedAsync($"{Bound} of {Bound} messages");
        var account = await Assert.ThrowsAsync<LlmosException>(() => _system.Grains.GetGrain<IAccountGrain>("alice").SetLimitAsync(new LimitCaller(WellKnownPids.Console, Permissions.All), ResourceLimit.Messages, 5));
        Assert.Contains("has no mailbox", account.Message, StringComparison.Ordinal);

        async Task RefusedAsync(string figures)
        {
            var error = await Assert.ThrowsAsync<LlmosException>(() => _system.SendAsync(inbox, "too much"));
            Assert.Contains(figures, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task At_most_the_bound_is_accepted_of_many_that_send_at_once()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            try
            {
                await _system.SendAsync(inbox, $"{i}");
                return true;
            }
            catch (LlmosException full) when (full.Code == LlmosErrorCode.ResourceExhausted)
            {
                return false;
            }
        }));
        Assert.Equal(Bound, results.Count(accepted => accepted));
        await BusSystem.UntilAsync(async () => (await _system.Process(inbox).GetAsync()).Waiting == Bound, "what was accepted is there");
    }

    [Fact]
    public async Task A_process_waits_for_room_and_loses_nothing()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var sender = await _system.SpawnAsync("forward");
        for (var i = 0; i < Bound; i++)
        {
            await _system.SendAsync(inbox, $"{i}");
        }

        await _system.SendAsync(sender, $"{inbox} 7 plain");
        await _system.BlockedOnAsync(sender, BlockReason.Send);
        var second = await _system.SendAsync(sender, $"{inbox} 8 plain");
        Assert.Equal(1, (await _system.Process(sender).GetAsync()).Turns);
        var received = new List<string>();
        for (var i = 0; i < Bound + 2; i++)
        {
            received.Add((await _system.ReceiveAsync(inbox)).Payload);
        }

        Assert.Equal(["0", "1", "2", "7", "8"], received);
        await _system.SettledAsync(second);
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_can_be_suspended_and_its_message_goes_when_it_is_resumed()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var sender = await _system.SpawnAsync("forward");
        for (var i = 0; i < Bound; i++)
        {
            await _system.SendAsync(inbox, $"{i}");
        }

        await _system.SendAsync(sender, $"{inbox} 7 plain");
        await _system.BlockedOnAsync(sender, BlockReason.Send);
        await _system.Process(sender).SuspendAsync("a pause");
        Assert.Equal(ProcessState.Suspended, (await _system.Process(sender).GetAsync()).State);
        await _system.Process(sender).ResumeAsync();
        var received = new List<string>();
        for (var i = 0; i <= Bound; i++)
        {
            received.Add((await _system.ReceiveAsync(inbox)).Payload);
        }

        Assert.Equal(["0", "1", "2", "7"], received);
    }

    [Fact]
    public async Task Full_processes_that_send_to_one_another_go_on()
    {
        const int Hops = 12;
        var (a, b) = (await _system.SpawnAsync("forward"), await _system.SpawnAsync("forward"));
        foreach (var pid in new[] { a, b })
        {
            await _system.Process(pid).SuspendAsync("until both are full");
            for (var i = 0; i < Bound; i++)
            {
                await _system.SendAsync(pid, $"{(pid == a ? b : a)} {Hops} ping");
            }
        }

        await _system.Process(a).ResumeAsync();
        await _system.Process(b).ResumeAsync();
        const long All = 2 * Bound * (Hops + 1);
        await BusSystem.UntilAsync(
            async () => (await _system.Process(a).GetAsync()).Turns + (await _system.Process(b).GetAsync()).Turns == All, $"{All} turns");
    }

    [Fact]
    public async Task An_answer_finds_room_in_a_full_mailbox()
    {
        var worker = await _system.SpawnAsync("gate");
        var asker = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        await _system.Process(asker).SendAsync(new OutgoingMessage { To = worker, Payload = "well?" });
        for (var i = 0; i < Bound; i++)
        {
            await _system.SendAsync(asker, $"{i}");
        }

        _system.Programs.Open(worker);
        var answer = await _system.Process(asker).PeekAsync(new MessageFilter { MessageType = VmpMessageType.Response }, RunningSystem.Limit, CancellationToken.None);
        Assert.Equal("well?", answer?.Payload);
    }
}
