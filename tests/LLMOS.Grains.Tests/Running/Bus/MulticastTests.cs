using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;

namespace LLMOS.Tests.Running.Bus;

/// <summary>Groups and broadcasts.</summary>
public sealed class MulticastTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-groups-").FullName;
    private BusSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await BusSystem.StartAsync(_data);

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task Members_hear_the_group_once_in_order_and_membership_outlives_the_silo()
    {
        var inboxes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _system.SpawnAsync(ProcessPrograms.Mailbox)));
        foreach (var pid in inboxes.Take(3))
        {
            Assert.True(await _system.Group("planners").JoinAsync(pid));
            Assert.False(await _system.Group("planners").JoinAsync(pid));
        }

        await _system.DisposeAsync();
        _system = await BusSystem.StartAsync(_data);
        Assert.Equal(["planners"], await _system.Grains.GetGrain<IMulticastDirectoryGrain>(0).ListAsync());
        Assert.Equal(inboxes.Take(3), await _system.Group("planners").MembersAsync());
        Assert.True(await _system.Group("planners").LeaveAsync(inboxes[2]));
        Assert.False(await _system.Group("planners").LeaveAsync(inboxes[2]));

        var first = new OutgoingMessage { To = 0, Group = "planners", Payload = "first", MessageId = Guid.NewGuid() };
        var receipt = await _system.Console.MulticastAsync(first);
        Assert.Equal((2, first.MessageId), (receipt.Recipients, receipt.Message.MessageId));
        Assert.Equal(2, (await _system.Console.MulticastAsync(first)).Recipients);
        await _system.SendAsync(0, "second", message => message with { Group = "planners", MessageType = VmpMessageType.Notification });
        foreach (var pid in inboxes.Take(2))
        {
            var heard = await _system.ReceiveAsync(pid);
            Assert.Equal(("first", "planners", pid, WellKnownPids.Console), (heard.Payload, heard.Group, heard.To, heard.From));
            Assert.Equal("second", (await _system.ReceiveAsync(pid)).Payload);
            Assert.Equal(0, (await _system.Process(pid).GetAsync()).Waiting);
        }

        await Assert.AllAsync(inboxes.Skip(2), async pid => Assert.Equal(0, (await _system.Process(pid).GetAsync()).Waiting));
    }

    [Fact]
    public async Task A_process_that_ends_leaves_and_a_group_without_members_is_none()
    {
        var (one, two) = (await _system.SpawnAsync("echo"), await _system.SpawnAsync(ProcessPrograms.Mailbox));
        await _system.Group("pair").JoinAsync(one);
        await _system.Group("pair").JoinAsync(two);
        await _system.Process(one).KillAsync(ExitReason.Killed("enough"));
        await BusSystem.UntilAsync(async () => (await _system.Group("pair").MembersAsync()).SequenceEqual([two]), "it has left");
        await _system.Process(two).KillAsync(ExitReason.Killed("enough"));
        await BusSystem.UntilAsync(async () => (await _system.Grains.GetGrain<IMulticastDirectoryGrain>(0).ListAsync()).IsEmpty, "there is no group");
        var error = await Assert.ThrowsAsync<LlmosException>(() => _system.SendAsync(0, "anyone?", message => message with { Group = "pair" }));
        Assert.Equal(LlmosErrorCode.NotFound, error.Code);
        Assert.Equal(LlmosErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<LlmosException>(() => _system.Group("pair").JoinAsync(one))).Code);
    }

    [Fact]
    public async Task Each_answers_a_request_to_its_group()
    {
        var workers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _system.SpawnAsync("echo")));
        foreach (var pid in workers)
        {
            await _system.Group("workers").JoinAsync(pid);
        }

        var request = await _system.SendAsync(0, "who?", message => message with { Group = "workers" });
        var answers = new List<long>();
        for (var i = 0; i < workers.Length; i++)
        {
            answers.Add((await _system.AnswerAsync(request)).From);
        }

        Assert.Equal(workers.Order(), answers.Order());
    }

    [Fact]
    public async Task All_but_the_sender_hear_a_broadcast_and_it_takes_a_permission()
    {
        var inboxes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _system.SpawnAsync(ProcessPrograms.Mailbox)));
        var speaker = await _system.SpawnAsync(ProcessPrograms.Mailbox, spec => spec with { Permissions = Permissions.Agent | Permissions.Broadcast });
        var ended = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        await _system.Process(ended).KillAsync(ExitReason.Killed("enough"));

        var message = new OutgoingMessage { To = 0, Payload = "hear, hear", MessageType = VmpMessageType.Broadcast };
        var refusal = await Assert.ThrowsAsync<LlmosException>(() => _system.Process(inboxes[0]).SendAsync(message));
        Assert.Equal(LlmosErrorCode.PermissionDenied, refusal.Code);
        Assert.Equal(
            LlmosErrorCode.PermissionDenied,
            (await Assert.ThrowsAsync<LlmosException>(() => _system.Process(inboxes[0]).SendAsync(message with { Group = "strangers" }))).Code);

        var receipt = await _system.Process(speaker).MulticastAsync(message);
        foreach (var pid in inboxes.Append(WellKnownPids.Console))
        {
            var heard = await _system.ReceiveAsync(pid);
            Assert.Equal(("hear, hear", VmpMessage.Everyone, VmpMessageType.Broadcast), (heard.Payload, heard.Group, heard.MessageType));
        }

        // The five, the console, the logger, the monitor, the scheduler and the summarizer.
        Assert.Equal(inboxes.Length + 5, receipt.Recipients);
        var logged = (await _system.Log.QueryAsync(new MessageQuery { Pid = speaker })).Where(entry => entry.Message.MessageId == receipt.Message.MessageId).ToList();
        Assert.Equal(receipt.Recipients, logged.Select(entry => entry.Message.To).Distinct().Count());
        Assert.DoesNotContain(logged, entry => entry.Message.To == speaker || entry.Message.To == WellKnownPids.Init || entry.Message.To == ended);
    }
}
