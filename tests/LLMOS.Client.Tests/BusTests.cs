using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Tests;

/// <summary>The message bus as a client sees it.</summary>
public sealed class BusTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private LlmosClient Client => system.Client;

    [Fact]
    public async Task Who_asks_one_that_is_suspended_is_told_so_and_waits_no_longer_than_said()
    {
        var agent = await Client.SpawnAsync(new ProcessSpec { Name = "asleep", Role = "You answer.", MaxTokensPerTurn = 8 });
        await Client.SuspendAsync(agent.Pid);
        var outputs = new List<ProcessOutput>();
        var late = await Assert.ThrowsAsync<LlmosException>(async () =>
        {
            await foreach (var output in Client.AskStreamingAsync(agent.Pid, "Well?", TimeSpan.FromMilliseconds(300), Stop))
                outputs.Add(output);
        });
        Assert.Equal(LlmosErrorCode.DeadlineExceeded, late.Code);
        Assert.Contains($"it is SUSPENDED: let it go on with llmos resume {agent.Pid}", late.Message, StringComparison.Ordinal);
        var said = Assert.Single(outputs);
        Assert.Equal(ProcessOutputKind.StateChanged, said.Kind);
        Assert.Contains("SUSPENDED", said.Text, StringComparison.Ordinal);

        await Client.ResumeAsync(agent.Pid);
        outputs = await Client.AskStreamingAsync(agent.Pid, "And now?", Limit, Stop).ToListAsync(Stop);
        Assert.Equal(ProcessOutputKind.TurnCommitted, outputs[^1].Kind);
        Assert.Equal(1, (await Client.GetProcessAsync(agent.Pid)).Turns);
        Assert.Equal(LlmosErrorCode.InvalidArgument, (await Assert.ThrowsAsync<LlmosException>(() => Client.AskAsync(agent.Pid, "?", TimeSpan.Zero, Stop))).Code);
    }

    [Fact]
    public async Task An_acknowledgement_is_waited_for_and_a_dead_letter_is_sent_again()
    {
        var agent = await Client.SpawnAsync(new ProcessSpec { Name = "acks", Role = "You listen.", MaxTokensPerTurn = 8 });
        var heir = await Client.SpawnAsync(new ProcessSpec { Name = "heir", Program = ProcessPrograms.Mailbox });
        var message = new OutgoingMessage { To = agent.Pid, Payload = "Take note", MessageType = VmpMessageType.Notification };
        await Client.SendAndAwaitAckAsync(WellKnownPids.Console, message, Limit, Stop);
        Assert.Equal(1, (await Client.GetProcessAsync(agent.Pid)).Turns);

        await Client.SuspendAsync(agent.Pid);
        var late = await Assert.ThrowsAsync<LlmosException>(() =>
            Client.SendAndAwaitAckAsync(WellKnownPids.Console, message, TimeSpan.FromMilliseconds(200), Stop));
        Assert.Equal(LlmosErrorCode.DeadlineExceeded, late.Code);
        var waiting = Client.SendAndAwaitAckAsync(WellKnownPids.Console, message, Limit, Stop);
        while ((await Client.GetProcessAsync(agent.Pid)).Waiting == 0)
        {
            Assert.False(waiting.IsCompleted, "it waits for the acknowledgement");
            await Task.Yield();
        }

        await Client.KillAsync(agent.Pid, "no more");
        Assert.Contains("no more", (await Assert.ThrowsAsync<LlmosException>(() => waiting)).Message, StringComparison.Ordinal);

        var letters = await Client.ListDeadLettersAsync(agent.Pid);
        Assert.Equal([DeliveryState.Expired, DeliveryState.Dropped], letters.Select(letter => letter.State));
        var replay = await Client.ReplayAsync(letters[0].Sequence, heir.Pid);
        Assert.Equal("Take note", (await Client.ReceiveAsync(heir.Pid, timeout: Limit, cancellationToken: Stop))?.Payload);
        Assert.Equal(replay.MessageId, (await Client.ListDeadLettersAsync(agent.Pid))[0].ReplayedAs);
    }

    [Fact]
    public async Task Groups_are_joined_spoken_to_and_left()
    {
        var inbox = await Client.SpawnAsync(new ProcessSpec { Name = "listens", Program = ProcessPrograms.Mailbox });
        Assert.True(await Client.JoinGroupAsync("listeners", inbox.Pid));
        Assert.Contains("listeners", await Client.ListGroupsAsync());
        Assert.Equal([inbox.Pid], await Client.ListMembersAsync("listeners"));
        Assert.Equal(1, (await Client.MulticastAsync(WellKnownPids.Console, new OutgoingMessage { To = 0, Group = "listeners", Payload = "one" })).Recipients);
        Assert.Equal("one", (await Client.ReceiveAsync(inbox.Pid, timeout: Limit, cancellationToken: Stop))?.Payload);
        Assert.True((await Client.BroadcastAsync("two")).Recipients >= 1);
        Assert.Equal("two", (await Client.ReceiveAsync(inbox.Pid, timeout: Limit, cancellationToken: Stop))?.Payload);
        Assert.True(await Client.LeaveGroupAsync("listeners", inbox.Pid));
        Assert.Empty(await Client.ListMembersAsync("listeners"));
    }
}
