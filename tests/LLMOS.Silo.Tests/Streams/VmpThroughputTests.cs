using System.Diagnostics;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Tests.Streams;

/// <summary>Many messages with embeddings, all of them received; the figures are printed, the benchmarks judge them.</summary>
public sealed class VmpThroughputTests(ITestOutputHelper output) : IDisposable
{
    private const int Dimension = 768;

    private readonly TempFolder _folder = new();
    private readonly DeliverySink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Five_thousand_messages_with_vectors_all_arrive()
    {
        const int Senders = 64;
        const int Messages = 5_000;
        await using var cluster = await VmpCluster.StartAsync(_folder.Path, _sink);
        await WarmUpAsync(cluster);

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (var i = sender; i < Messages; i += Senders)
                await cluster.Stream(VmpStreamIds.Mailbox(100 + i % 16)).OnNextAsync(TestMessages.To(100 + i % 16, $"{i}", from: sender, dimension: Dimension));
        })));
        var published = clock.Elapsed;
        await Until.TrueAsync(() => _sink.Count >= Messages + 16);
        var received = clock.Elapsed;

        var payloads = _sink.Deliveries.Select(delivery => delivery.Message.Payload).ToList();
        Assert.Equal(Messages, payloads.Where(payload => payload != "warm").Distinct().Count());
        Assert.All(_sink.Deliveries.Skip(16), delivery => Assert.Equal(Dimension, delivery.Message.Vector.Length));
        output.WriteLine($"published {Messages / published.TotalSeconds:F0} /s, received {Messages / received.TotalSeconds:F0} /s");
    }

    [Fact]
    public async Task One_at_a_time_they_arrive_and_their_latency_is_told()
    {
        const int Messages = 300;
        var arrived = new TaskCompletionSource<long>();
        _sink.Before = (_, _) => arrived.TrySetResult(Stopwatch.GetTimestamp());
        await using var cluster = await VmpCluster.StartAsync(_folder.Path, _sink);

        var latencies = new List<double>();
        for (var i = 0; i < Messages; i++)
        {
            arrived = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var message = TestMessages.To(100, $"{i}", dimension: Dimension);
            var start = Stopwatch.GetTimestamp();
            await cluster.Stream(VmpStreamIds.Mailbox(100)).OnNextAsync(message);
            latencies.Add(Stopwatch.GetElapsedTime(start, await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20))).TotalMilliseconds);
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"{i}"), _sink.PayloadsOf("100"));
        var sorted = latencies.Skip(50).Order().ToList();
        output.WriteLine($"one way: median {sorted[sorted.Count / 2]:F2} ms, 95th percentile {sorted[sorted.Count * 95 / 100]:F2} ms");
    }

    private async Task WarmUpAsync(VmpCluster cluster)
    {
        for (var pid = 100; pid < 116; pid++)
            await cluster.SendAsync(TestMessages.To(pid, "warm"));
        await Until.TrueAsync(() => _sink.Count == 16);
    }
}
