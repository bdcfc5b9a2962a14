using System.Diagnostics;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Messages over one transport, from sender grains to receiver grains of one silo.</summary>
internal sealed class GrainToGrain(IGrainFactory grains, DeliveryMeter meter, Transport transport) : IMessagingSubject
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task<double[]> PaceAsync(int count, TimeSpan pace, CancellationToken cancellationToken)
    {
        var (_, milliseconds) = await SendAsync(pairs: 1, count, window: 1, pace, cancellationToken);
        return milliseconds;
    }

    public async Task<double> FloodAsync(int pairs, int count, int window, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var (last, _) = await SendAsync(pairs, count / pairs, window, pace: TimeSpan.Zero, cancellationToken);
        return count / pairs * pairs / Stopwatch.GetElapsedTime(start, last).TotalSeconds;
    }

    private async Task<(long LastArrival, double[] Milliseconds)> SendAsync(
        int pairs, int count, int window, TimeSpan pace, CancellationToken cancellationToken)
    {
        var total = pairs * count;
        var logged = await LastSequenceAsync();
        meter.Expect(total);
        await Task.WhenAll(Enumerable.Range(1, pairs).Select(pair =>
            grains.GetGrain<ISenderGrain>(pair).SendAsync(new SendOrder(transport, pair, count, window, pace))));
        try
        {
            var arrived = await meter.AllAsync(Limit, cancellationToken);
            if (transport == Transport.DurableStream && await LastSequenceAsync() - logged is var written && written < total)
                throw new BenchmarkException($"{total} messages arrived and the log grew by {written}: they were not durable.");
            return arrived;
        }
        catch (TimeoutException)
        {
            throw new BenchmarkException($"Of {total} messages by {transport}, {meter.Count} arrived within {Limit.TotalMinutes:0} minutes.");
        }
    }

    private async Task<long> LastSequenceAsync()
    {
        var newest = await grains.GetGrain<IMessageLogGrain>(0).QueryAsync(new MessageQuery { Limit = 1 });
        return newest.IsEmpty ? 0 : newest[0].Sequence;
    }
}
