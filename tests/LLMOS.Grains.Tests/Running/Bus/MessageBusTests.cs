using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Tests.Running.Bus;

/// <summary>What becomes of messages: deadlines, acknowledgements, retries and dead letters.</summary>
public sealed class MessageBusTests : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("llmos-bus-").FullName;
    private BusSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _system.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [Fact]
    public async Task What_waits_for_one_that_ends_is_a_dead_letter_with_its_reason_and_is_replayed_once()
    {
        var gone = await _system.SpawnAsync("gate");
        var heir = await _system.SpawnAsync("echo");
        await _system.Process(gone).SuspendAsync("not yet");
        var request = await _system.SendAsync(gone, "anyone?");
        await _system.Process(gone).KillAsync(ExitReason.Killed("not needed"));

        var answer = await _system.AnswerAsync(request);
        Assert.Equal(LlmosErrorCode.FailedPrecondition, VmpHeaders.ErrorOf(answer)!.Code);
        Assert.Contains("ended before it handled the message: not needed", answer.Payload, StringComparison.Ordinal);
        await _system.SettledAsync(request);
        var letter = Assert.Single(await _system.DeadAsync(gone));
        Assert.Equal((DeliveryState.Dropped, answer.Payload, (Guid?)null), (letter.State, letter.Reason, letter.ReplayedAs));

        var refusal = await Assert.ThrowsAsync<LlmosException>(() => _system.Log.ReplayAsync(letter.Sequence, null));
        Assert.Contains("has ended and takes no messages", refusal.Message, StringComparison.Ordinal);
        var replay = await _system.Log.ReplayAsync(letter.Sequence, heir);
        Assert.Equal(replay.MessageId, (await _system.Log.ReplayAsync(letter.Sequence, heir)).MessageId);
        Assert.NotEqual(request.MessageId, replay.MessageId);
        Assert.Equal(request.MessageId.ToString(), replay.Headers[VmpHeaders.CauseName]);
        Assert.Equal("anyone?", (await _system.AnswerAsync(request)).Payload);
        Assert.Equal(1, (await _system.Process(heir).GetAsync()).Turns);
        Assert.Equal(replay.MessageId, Assert.Single(await _system.DeadAsync(gone)).ReplayedAs);
        var alive = (await _system.Log.QueryAsync(new MessageQuery { Pid = heir })).First(logged => logged.State < DeliveryState.Expired);
        Assert.Equal(LlmosErrorCode.FailedPrecondition, (await Assert.ThrowsAsync<LlmosException>(() => _system.Log.ReplayAsync(alive.Sequence, null))).Code);
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => _system.Log.ReplayAsync(999_999, null))).Code);
    }

    [Fact]
    public async Task A_request_that_waits_past_its_deadline_is_answered_by_an_error_once_and_never_handled()
    {
        var late = await _system.SpawnAsync("echo");
        await _system.Process(late).SuspendAsync("a pause");
        var request = await _system.SendAsync(late, "soon?", message => message with { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(200) });
        var answer = await _system.AnswerAsync(request);
        Assert.Equal(LlmosErrorCode.DeadlineExceeded, VmpHeaders.ErrorOf(answer)!.Code);
        Assert.Contains("SUSPENDED", answer.Payload, StringComparison.Ordinal);

        await _system.Process(late).ResumeAsync();
        var next = await _system.SendAsync(late, "now");
        Assert.Equal("now", (await _system.AnswerAsync(next)).Payload);
        Assert.Equal(DeliveryState.Expired, (await _system.SettledAsync(request)).State);
        Assert.Equal(1, (await _system.Process(late).GetAsync()).Turns);
        Assert.Single((await _system.Log.QueryAsync(new MessageQuery { CorrelationId = request.MessageId.ToString() })).Where(logged => logged.Message.To == WellKnownPids.Console));
    }

    [Fact]
    public async Task A_deadline_that_passes_while_the_request_is_handled_ends_the_turn()
    {
        var slow = await _system.SpawnAsync("gate");
        var request = await _system.SendAsync(slow, "quick!", message => message with { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(300) });
        Assert.Equal(LlmosErrorCode.DeadlineExceeded, VmpHeaders.ErrorOf(await _system.AnswerAsync(request))!.Code);
        await _system.BlockedOnAsync(slow, BlockReason.Receive);

        _system.Programs.Open(slow);
        Assert.Equal("again", (await _system.AnswerAsync(await _system.SendAsync(slow, "again"))).Payload);
        Assert.Equal(1, (await _system.Process(slow).GetAsync()).Turns);
    }

    [Fact]
    public async Task A_deadline_passes_while_the_system_is_down()
    {
        var late = await _system.SpawnAsync("echo");
        await _system.Process(late).SuspendAsync("a pause");
        var request = await _system.SendAsync(late, "soon?", message => message with { Deadline = DateTimeOffset.UtcNow.AddMilliseconds(400) });
        await _system.DisposeAsync();
        _system = await StartAsync();
        Assert.Equal(LlmosErrorCode.DeadlineExceeded, VmpHeaders.ErrorOf(await _system.AnswerAsync(request))!.Code);
        Assert.Equal(DeliveryState.Expired, (await _system.SettledAsync(request)).State);
    }

    [Fact]
    public async Task An_acknowledgement_comes_after_the_turn_and_one_to_the_ended_brings_the_reason()
    {
        var worker = await _system.SpawnAsync("gate");
        var sent = await _system.SendAsync(worker, "work", message => message with { MessageType = VmpMessageType.Notification, RequiresAck = true });
        var filter = new MessageFilter { CorrelationId = sent.MessageId.ToString() };
        await BusSystem.UntilAsync(() => Task.FromResult(_system.Programs.Begun.Any(begun => begun.MessageId == sent.MessageId)), "the turn began");
        Assert.Null(await _system.Console.PeekAsync(filter, TimeSpan.Zero, CancellationToken.None));
        _system.Programs.Open(worker);
        var acknowledgement = await _system.AnswerAsync(sent, VmpMessageType.Notification);
        Assert.Equal(sent.MessageId, VmpHeaders.AcknowledgedBy(acknowledgement));
        Assert.Null(VmpHeaders.ErrorOf(acknowledgement));
        Assert.Equal(1, (await _system.Process(worker).GetAsync()).Turns);

        await _system.Process(worker).SuspendAsync("so that it waits");
        var lost = await _system.SendAsync(worker, "more", message => message with { MessageType = VmpMessageType.Notification, RequiresAck = true });
        await _system.Process(worker).KillAsync(ExitReason.Killed("enough"));
        Assert.NotNull(VmpHeaders.ErrorOf(await _system.AnswerAsync(lost, VmpMessageType.Notification)));
    }

    [Fact]
    public async Task What_is_taken_out_of_a_mailbox_is_acknowledged()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var sent = await _system.SendAsync(inbox, "take it", message => message with { RequiresAck = true });
        await _system.ReceiveAsync(inbox);
        Assert.Equal(sent.MessageId, VmpHeaders.AcknowledgedBy(await _system.AnswerAsync(sent, VmpMessageType.Notification)));
        Assert.Equal(DeliveryState.Consumed, (await _system.SettledAsync(sent)).State);
    }

    [Fact]
    public async Task A_process_that_awaits_an_acknowledgement_handles_nothing_until_it_comes_also_after_a_restart()
    {
        var worker = await _system.SpawnAsync("gate");
        var sender = await _system.SpawnAsync("forward");
        await _system.SendAsync(sender, $"{worker} 1 acked");
        await _system.BlockedOnAsync(sender, BlockReason.Ack);
        var second = await _system.SendAsync(sender, "nothing to do");
        await _system.DisposeAsync();

        _system = await StartAsync();
        await BusSystem.UntilAsync(() => Task.FromResult(!_system.Programs.Begun.IsEmpty), "the worker began again");
        Assert.Equal(1, (await _system.Process(sender).GetAsync()).Turns);
        Assert.DoesNotContain(_system.Programs.Begun, begun => begun.MessageId == second.MessageId);
        _system.Programs.Open(worker);
        await _system.SettledAsync(second);
        Assert.Equal(2, (await _system.Process(sender).GetAsync()).Turns);
        await _system.BlockedOnAsync(sender, BlockReason.Receive);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_and_others_need_not_wait_for_it()
    {
        var flaky = await _system.SpawnAsync("flaky");
        var other = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        var request = await _system.SendAsync(flaky, "3");
        var behind = await _system.SendAsync(flaky, "0");
        var apart = await _system.Process(other).SendAsync(new OutgoingMessage { To = flaky, Payload = "0" });

        Assert.Equal("3", (await _system.AnswerAsync(request)).Payload);
        Assert.Equal("0", (await _system.AnswerAsync(behind)).Payload);
        Assert.Equal(4, _system.Programs.AttemptsAt(request.MessageId));
        var order = _system.Programs.Begun.Select(begun => begun.MessageId).ToList();
        Assert.True(order.LastIndexOf(request.MessageId) < order.IndexOf(behind.MessageId), "one of the same sender waited");
        Assert.True(order.IndexOf(apart.MessageId) < order.LastIndexOf(request.MessageId), "one of another sender did not");
        Assert.Equal(3, (await _system.Process(flaky).GetAsync()).Turns);
    }

    [Fact]
    public async Task Attempts_are_counted_over_a_restart_and_after_the_last_the_message_is_a_dead_letter()
    {
        var flaky = await _system.SpawnAsync("flaky");
        var request = await _system.SendAsync(flaky, "99");
        await BusSystem.UntilAsync(() => Task.FromResult(_system.Programs.AttemptsAt(request.MessageId) == 2), "two attempts");

        // One that the end of the silo cuts short does not count.
        await _system.BlockedOnAsync(flaky, BlockReason.Receive);
        await _system.DisposeAsync();
        _system = await StartAsync();

        var answer = await _system.AnswerAsync(request);
        Assert.Equal(LlmosErrorCode.Unavailable, VmpHeaders.ErrorOf(answer)!.Code);
        Assert.Equal("The engine is away (given up after 4 attempts).", answer.Payload);
        Assert.InRange(_system.Programs.AttemptsAt(request.MessageId), 1, 2);
        Assert.Equal((DeliveryState.Dropped, answer.Payload), ((await _system.SettledAsync(request)).State, (await _system.SettledAsync(request)).Reason));
    }

    [Fact]
    public async Task What_fails_for_good_is_not_tried_again()
    {
        var flaky = await _system.SpawnAsync("flaky");
        var request = await _system.SendAsync(flaky, "never");
        Assert.Equal(LlmosErrorCode.InvalidArgument, VmpHeaders.ErrorOf(await _system.AnswerAsync(request))!.Code);
        Assert.Equal(DeliveryState.Dropped, (await _system.SettledAsync(request)).State);
        Assert.Equal(1, _system.Programs.AttemptsAt(request.MessageId));
        Assert.Equal("0", (await _system.AnswerAsync(await _system.SendAsync(flaky, "0"))).Payload);
    }

    [Fact]
    public async Task A_message_that_a_turn_sends_to_nobody_is_a_dead_letter()
    {
        var sender = await _system.SpawnAsync("forward");
        await _system.SendAsync(sender, "777777 1 plain");
        await BusSystem.UntilAsync(async () => (await _system.DeadAsync(777_777)).Length == 1, "the letter is dead");
        Assert.Contains("There is no process 777777", (await _system.DeadAsync(777_777))[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_refused_with_the_name_of_the_argument()
    {
        var inbox = await _system.SpawnAsync(ProcessPrograms.Mailbox);
        (string Argument, Func<OutgoingMessage, OutgoingMessage> With)[] wrong =
        [
            ("payload", message => message with { Payload = new string('x', MessageRules.MaxPayloadLength + 1) }),
            ("vector", message => message with { Vector = [1, 2, 3] }),
            ("vector", message => message with { Vector = [.. Enumerable.Repeat(float.NaN, 256)] }),
            ("deadline", message => message with { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) }),
            ("messageType", message => message with { MessageType = (VmpMessageType)9 }),
            ("headers", message => message with { Headers = VmpHeaders.Ack(Guid.NewGuid()) }),
            ("to", message => message with { To = -4 }),
            ("to", message => message with { Group = "g" }),
            ("group", message => message with { To = 0, Group = "no name" }),
            ("group", message => message with { To = 0, Group = "nobody-joined" }),
            ("messageType", message => message with { To = 0, Group = "g", MessageType = VmpMessageType.Response }),
            ("requiresAck", message => message with { To = 0, Group = "g", RequiresAck = true }),
        ];
        foreach (var (argument, with) in wrong)
        {
            var error = await Assert.ThrowsAsync<LlmosException>(() => _system.SendAsync(inbox, "hello", with));
            Assert.StartsWith($"{argument}: ", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(LlmosErrorCode.InvalidArgument, (await Assert.ThrowsAsync<LlmosException>(() => _system.Group("no name").JoinAsync(inbox))).Code);
        Assert.Equal(LlmosErrorCode.NotFound, (await Assert.ThrowsAsync<LlmosException>(() => _system.Group("g").JoinAsync(888_888))).Code);
        Assert.Empty((await _system.Log.QueryAsync(new MessageQuery { Pid = inbox })));
    }

    [Fact]
    public async Task The_more_urgent_overtakes_messages_of_others()
    {
        var worker = await _system.SpawnAsync("echo");
        var senders = new[] { 15, 3, 8 }.Select(priority => new ProcessPriority(priority)).ToArray();
        await _system.Process(worker).SuspendAsync("until all are there");
        foreach (var priority in senders)
        {
            var sender = await _system.SpawnAsync(ProcessPrograms.Mailbox, spec => spec with { Priority = priority });
            await _system.Process(sender).SendAsync(new OutgoingMessage { To = worker, Payload = $"{priority}" });
            await _system.Process(sender).SendAsync(new OutgoingMessage { To = worker, Payload = $"{priority}, urgent", Priority = new ProcessPriority(0) });
        }

        await BusSystem.UntilAsync(async () => (await _system.Process(worker).GetAsync()).Waiting == 6, "all are there");
        await _system.Process(worker).ResumeAsync();
        await BusSystem.UntilAsync(async () => (await _system.Process(worker).GetAsync()).Turns == 6, "all are handled");
        Assert.Equal(["3", "3, urgent", "8", "8, urgent", "15", "15, urgent"], _system.Programs.Begun.Select(begun => begun.Payload));
    }

    private Task<BusSystem> StartAsync() => BusSystem.StartAsync(_data, options =>
    {
        options.MaxTurnAttempts = 4;
        options.FirstRetryDelay = TimeSpan.FromMilliseconds(100);
        options.LongestRetryDelay = TimeSpan.FromMilliseconds(400);
    });
}
