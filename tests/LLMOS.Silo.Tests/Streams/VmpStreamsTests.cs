using System.Collections.Concurrent;
using LLMOS.Kernel.Messaging;
using Orleans.Providers.Streams.Common;

namespace LLMOS.Silo.Tests.Streams;

public sealed class VmpStreamsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DeliverySink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mailbox_reaches_the_process_with_its_PID()
    {
        await using var cluster = await StartAsync();
        long[] pids = [1, 16, 255, 1L << 40, long.MaxValue];
        foreach (var pid in pids)
            await cluster.SendAsync(TestMessages.To(pid, $"to {pid}"));

        await Until.TrueAsync(() => _sink.Count == pids.Length);
        Assert.All(pids, pid => Assert.Equal([$"to {pid}"], _sink.PayloadsOf($"{pid}")));
    }

    [Fact]
    public async Task Messages_of_a_sender_come_to_each_recipient_in_order_and_once()
    {
        const int Senders = 6;
        const int Recipients = 5;
        const int Each = 40;
        await using var cluster = await StartAsync();
        await Task.WhenAll(Enumerable.Range(1, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = 0; i < Each; i++)
            {
                foreach (var pid in Enumerable.Range(100, Recipients))
                {
                    var message = TestMessages.To(pid, $"{i}", from: sender);
                    await cluster.Stream(VmpStreamIds.Mailbox(pid)).OnNextAsync(message);
                    if (i % 7 == 0)
                        await cluster.Stream(VmpStreamIds.Mailbox(pid)).OnNextAsync(message);
                }
            }
        })));

        await Until.TrueAsync(() => _sink.Count >= Senders * Recipients * Each);
        foreach (var group in _sink.Deliveries.GroupBy(delivery => (delivery.Recipient, delivery.Message.From)))
            Assert.Equal(Enumerable.Range(0, Each).Select(i => $"{i}"), group.Select(delivery => delivery.Message.Payload));
        Assert.Equal(Senders * Recipients * Each, _sink.Count);
    }

    [Fact]
    public async Task The_log_shows_how_far_a_message_came()
    {
        await using var cluster = await StartAsync();
        await cluster.Client.GetGrain<ISubscriberGrain>("s").SubscribeAsync("news");
        var message = TestMessages.To(7, "hello");
        await cluster.SendAsync(message);
        await cluster.PublishAsync(VmpStreamIds.Topic("news"), TestMessages.To(0, "paper"));
        await cluster.PublishAsync(VmpStreamIds.Topic("unheard"), TestMessages.To(0, "paper"));

        async Task<DeliveryState[]> StatesAsync() =>
            [.. (await cluster.Log.QueryAsync(new MessageQuery())).Select(logged => logged.State)];
        await Until.TrueAsync(async () =>
            (await StatesAsync()) is [DeliveryState.Delivered, DeliveryState.Consumed, not DeliveryState.Delivered]);
        Assert.Single(await cluster.Log.PendingAsync(7));

        await cluster.Log.MarkConsumedAsync(7, [message.MessageId]);
        Assert.Equal(DeliveryState.Consumed, (await StatesAsync())[0]);
        Assert.Equal(DeliveryState.Consumed, await cluster.Log.GetStateAsync(7, message.MessageId));
    }

    [Fact]
    public async Task Of_the_streams_of_mailboxes_nothing_is_stored_and_of_those_that_are_subscribed_to_who_is()
    {
        await using var cluster = await StartAsync();
        await cluster.Client.GetGrain<ISubscriberGrain>("s").SubscribeAsync("news");
        await cluster.SendAsync(TestMessages.To(7, "hello"));
        await cluster.PublishAsync(VmpStreamIds.Topic("news"), TestMessages.To(0, "paper"));
        await Until.TrueAsync(() => _sink.Count >= 2);

        var stored = cluster.Store.Read(0, static (session, _) =>
        {
            var ids = new List<string>();
            using var rows = session.Statement("SELECT grain_id FROM grain_state WHERE grain_id LIKE 'pubsub%'");
            while (rows.Step())
                ids.Add(rows.Text(0));
            return ids;
        });
        Assert.Equal(["pubsubrendezvous/vmp/vmp.topic/news"], stored);
    }

    [Fact]
    public async Task What_was_not_consumed_is_delivered_again_after_a_restart()
    {
        var consumed = TestMessages.To(7, "consumed");
        await using (var cluster = await StartAsync())
        {
            await cluster.SendAsync(consumed);
            await cluster.SendAsync(TestMessages.To(7, "one"));
            await cluster.SendAsync(TestMessages.To(8, "two"));
            await Until.TrueAsync(() => _sink.Count == 3);
            await cluster.Log.MarkConsumedAsync(7, [consumed.MessageId]);
        }

        var again = new DeliverySink();
        await using var restarted = await VmpCluster.StartAsync(_folder.Path, again);
        await restarted.SendAsync(consumed);
        await restarted.SendAsync(TestMessages.To(7, "three"));
        await Until.TrueAsync(() => again.Count == 3);
        Assert.Equal(["one", "three"], again.PayloadsOf("7"));
        Assert.Equal(["two"], again.PayloadsOf("8"));
    }

    [Fact]
    public async Task A_silo_that_only_looks_delivers_nothing_and_the_next_one_does()
    {
        await using (var looking = await StartAsync(configure: options => options.StartStopped = true))
        {
            // More than a reader finds in memory.
            for (var i = 0; i < 1500; i++)
                await looking.Stream(VmpStreamIds.Mailbox(7)).OnNextAsync(TestMessages.To(7, $"{i}"));
            Assert.Equal(1500, (await looking.Log.PendingAsync(7)).Count);
        }
        Assert.Equal(0, _sink.Count);

        // Another number of queues than before: the messages move with their streams.
        await using var cluster = await StartAsync(configure: options => options.QueueCount = 7);
        await cluster.SendAsync(TestMessages.To(7, "1500"));
        await Until.TrueAsync(() => _sink.Count == 1501);
        Assert.Equal(Enumerable.Range(0, 1501).Select(i => $"{i}"), _sink.PayloadsOf("7"));
    }

    [Fact]
    public async Task A_silo_that_was_started_without_delivery_begins_it_when_told()
    {
        await using var cluster = await StartAsync(configure: options => options.StartStopped = true);
        await cluster.SendAsync(TestMessages.To(7, "early"));
        Assert.Equal(DeliveryState.Queued, Assert.Single(await cluster.Log.PendingAsync(7)).State);

        await cluster.Client.GetGrain<IManagementGrain>(0).SendControlCommandToProvider<PersistentStreamProvider>(
            VmpStreams.Provider, (int)PersistentStreamProviderCommand.StartAgents, null!);
        await cluster.SendAsync(TestMessages.To(7, "late"));
        await Until.TrueAsync(() => _sink.Count == 2);
        Assert.Equal(["early", "late"], _sink.PayloadsOf("7"));
    }

    [Fact]
    public async Task A_subscription_to_a_topic_survives_a_restart()
    {
        await using (var cluster = await StartAsync())
        {
            await cluster.Client.GetGrain<ISubscriberGrain>("a").SubscribeAsync("news");
            await cluster.Client.GetGrain<ISubscriberGrain>("b").SubscribeAsync("news");
            await cluster.PublishAsync(VmpStreamIds.Topic("news"), TestMessages.To(0, "before"));
            await Until.TrueAsync(() => _sink.Count == 2);
        }

        await using var restarted = await StartAsync();
        await restarted.PublishAsync(VmpStreamIds.Topic("news"), TestMessages.To(0, "after"));
        await restarted.PublishAsync(VmpStreamIds.Topic("olds"), TestMessages.To(0, "unheard"));
        await Until.TrueAsync(() => _sink.PayloadsOf("a").Contains("after") && _sink.PayloadsOf("b").Contains("after"));
        // At least once: what was delivered in the last moments of a run may come again.
        Assert.Equal(["before", "after"], _sink.PayloadsOf("a").Distinct());
        Assert.DoesNotContain("unheard", _sink.PayloadsOf("b"));
    }

    [Fact]
    public async Task A_recipient_that_fails_gets_the_message_again_and_does_not_hold_others()
    {
        var failures = new ConcurrentDictionary<string, int>();
        _sink.Before = (recipient, message) =>
        {
            if (recipient == "7" && message.Payload == "0" && failures.AddOrUpdate(recipient, 1, (_, count) => count + 1) <= 2)
                throw new InvalidOperationException("not now");
        };
        await using var cluster = await StartAsync(configure: options => options.QueueCount = 1);
        for (var i = 0; i < 3; i++)
            await cluster.SendAsync(TestMessages.To(7, $"{i}"));
        await cluster.SendAsync(TestMessages.To(8, "other"));

        await Until.TrueAsync(() => _sink.PayloadsOf("7").Count >= 3 && _sink.PayloadsOf("8").Count == 1);
        Assert.Equal(["0", "1", "2"], _sink.PayloadsOf("7"));
        Assert.Equal(3, failures["7"]);
    }

    [Fact]
    public async Task What_is_not_a_VMP_message_is_refused_with_a_sentence()
    {
        await using var cluster = await StartAsync();
        var publisher = cluster.Client.GetGrain<IPublisherGrain>(0);
        var exception = await Assert.ThrowsAsync<LlmosException>(() => publisher.PublishTextAsync(VmpStreamIds.Topic("news"), "text"));
        Assert.Equal(
            "The stream 'vmp.topic/news' carries VMP messages; a String was published. Put it into the payload of a VmpMessage.",
            exception.Message);
        Assert.Empty(await cluster.Log.QueryAsync(new MessageQuery()));
    }

    [Fact]
    public async Task Messages_of_a_silo_that_dies_wake_their_processes_on_another()
    {
        await using var cluster = await StartAsync(silos: 2);
        long[] pids = [.. Enumerable.Range(100, 12)];
        foreach (var pid in pids)
            await cluster.SendAsync(TestMessages.To(pid, $"{pid}"));
        await Until.TrueAsync(() => _sink.Count == pids.Length);

        var dying = cluster.Silos[1];
        var orphans = new List<long>();
        foreach (var pid in pids)
        {
            if ((await cluster.Client.GetGrain<IMailboxProbeGrain>(pid).GetSiloAsync()).Equals(dying.SiloAddress))
                orphans.Add(pid);
        }
        Assert.NotEmpty(orphans);

        await cluster.KillAsync(dying);
        await Until.TrueAsync(() => orphans.All(pid => _sink.Deliveries.Any(delivery =>
            delivery.Recipient == $"{pid}" && !delivery.Silo.Equals(dying.SiloAddress))));
        // And the queues that it pulled are pulled by the other one.
        foreach (var pid in pids)
            await cluster.SendAsync(TestMessages.To(pid, $"{pid} again"));
        await Until.TrueAsync(() => pids.All(pid => _sink.PayloadsOf($"{pid}").Contains($"{pid} again")));
    }

    private Task<VmpCluster> StartAsync(short silos = 1, Action<LLMOS.Silo.Streams.VmpStreamOptions>? configure = null) =>
        VmpCluster.StartAsync(_folder.Path, _sink, silos, configure);
}
