using LLMOS.Benchmarks.Measuring;
using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>VMP messages with vectors of 768 floats: how long one is on its way, and how many go in a second, durable.</summary>
internal sealed class KernelBenchmarks : IBenchmarkSuite
{
    public const string Name = "kernel";

    /// <summary>The name of Orleans' memory streams on the silo.</summary>
    public const string MemoryProvider = "memory";

    private const int Pairs = 8;
    private const int Window = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly Transport[] Transports = [Transport.DurableStream, Transport.MemoryStream, Transport.DirectCall];

    private static readonly Dictionary<Transport, string> Peers = new()
    {
        [Transport.MemoryStream] = "Orleans memory streams, volatile",
        [Transport.DirectCall] = "direct grain call, volatile",
    };

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var meter = new DeliveryMeter();
        await using var silo = await BenchmarkSilo.StartAsync(
            new LlmosSiloOptions { Data = run.Workspace.NewFolder() },
            loadModel: false,
            cancellationToken,
            builder =>
            {
                builder.Services.AddSingleton(meter);
                builder.ConfigureSilo(silo => silo.AddMemoryStreams(MemoryProvider));
            });
        var subjects = Transports.Select(transport => new MessagingSubject(silo.Grains, meter, transport)).ToArray();
        await PaceAsync(run, subjects, cancellationToken);
        await FloodAsync(run, subjects, cancellationToken);
    }

    private static async Task PaceAsync(SuiteRun run, MessagingSubject[] subjects, CancellationToken cancellationToken)
    {
        var (rounds, count) = run.Quick ? (3, 100) : (5, 400);
        run.Say($"latency: {rounds} rounds of {count} messages, one every {Pace.TotalMilliseconds:0} ms");
        var samples = await Interleaved.RunAsync(
            rounds,
            [.. subjects.Select(subject => new Func<CancellationToken, Task<double[]>>(stop => subject.PaceAsync(count, Pace, stop)))],
            cancellationToken);
        for (var peer = 1; peer < Transports.Length; peer++)
        {
            run.Add(Latency("median", 50, samples, peer) with { Goal = peer == 1 ? Goal.ValueUnder(3) : null });
            run.Add(Latency("99th percentile", 99, samples, peer));
        }
    }

    private static async Task FloodAsync(SuiteRun run, MessagingSubject[] subjects, CancellationToken cancellationToken)
    {
        var (rounds, count) = run.Quick ? (2, 4_000) : (5, 16_000);
        run.Say($"throughput: {rounds} rounds of {count} messages, {Pairs} senders with {Window} on their way each");
        var samples = await Interleaved.RunAsync(
            rounds,
            [.. subjects.Select(subject => new Func<CancellationToken, Task<double>>(stop => subject.FloodAsync(Pairs, count, Window, stop)))],
            cancellationToken);
        for (var peer = 1; peer < Transports.Length; peer++)
        {
            run.Add(new Row
            {
                Suite = Name,
                Name = "VMP throughput",
                Value = Statistics.Median(samples[0]),
                Unit = "messages/s",
                Peer = Peers[Transports[peer]],
                PeerValue = Statistics.Median(samples[peer]),
                Ratio = Statistics.MedianRatio(samples[0], samples[peer]),
                Goal = peer == 1 ? Goal.ValueAtLeast(5_000) : null,
            });
        }
    }

    private static Row Latency(string what, double percent, IReadOnlyList<double[]>[] samples, int peer) => new()
    {
        Suite = Name,
        Name = $"VMP one-way latency, {what}",
        Value = Statistics.Percentile(samples[0].SelectMany(round => round), percent),
        Unit = "ms",
        Peer = Peers[Transports[peer]],
        PeerValue = Statistics.Percentile(samples[peer].SelectMany(round => round), percent),
        Ratio = Statistics.MedianRatio(
            [.. samples[0].Select(round => Statistics.Percentile(round, percent))],
            [.. samples[peer].Select(round => Statistics.Percentile(round, percent))]),
    };
}
