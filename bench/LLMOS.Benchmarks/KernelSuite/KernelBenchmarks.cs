using LLMOS.Benchmarks.Measuring;
using LLMOS.Cognition.Embeddings;
using LLMOS.Kernel.Memory;
using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>VMP messages with vectors of 768 floats: how long one is on its way, how many go in a second, and how long one to all takes, durable; how soon a revocation stops a generation; many processes that wait for one; and what durable tokens cost.</summary>
internal sealed class KernelBenchmarks : IBenchmarkSuite
{
    public const string Name = "kernel";

    /// <summary>The name of Orleans' memory streams on the silo.</summary>
    public const string MemoryProvider = "memory";

    private const int Pairs = 8;
    private const int Window = 64;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly string[] Ours = ["VMP stream", "VMP from process to process"];

    private static readonly string[] Peers = ["Orleans memory streams, volatile", "direct grain call, volatile"];

    /// <summary>The groups of rows.</summary>
    public static RowGroups Groups { get; } = new(
        ("messages", MeasureMessagesAsync),
        ("revocation", RevocationBenchmark.MeasureAsync),
        ("idle", IdleProcessBenchmark.MeasureAsync),
        ("durability", DurabilityBenchmark.MeasureAsync));

    public Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken) => Groups.MeasureAsync(run, cancellationToken);

    private static async Task MeasureMessagesAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var meter = new DeliveryMeter();
        await using var silo = await BenchmarkSilo.StartAsync(
            new LlmosSiloOptions { Data = run.Workspace.NewFolder() },
            loadModel: false,
            cancellationToken,
            builder =>
            {
                builder.Services.AddSingleton(meter);
                builder.Services.AddSingleton<IVectorSpace>(new HashingEmbedder(BenchmarkMessage.VectorLength));
                builder.ConfigureSilo(silo => silo.AddMemoryStreams(MemoryProvider));
            });
        IMessagingSubject[] subjects =
        [
            new GrainToGrain(silo.Grains, meter, Transport.DurableStream),
            new ProcessToProcess(silo.Client),
            new GrainToGrain(silo.Grains, meter, Transport.MemoryStream),
            new GrainToGrain(silo.Grains, meter, Transport.DirectCall),
        ];
        await PaceAsync(run, subjects, cancellationToken);
        await FloodAsync(run, subjects, cancellationToken);
        await new SyscallBenchmark(silo.Client).MeasureAsync(run, cancellationToken);
        await BroadcastBenchmark.MeasureAsync(run, silo.Client, cancellationToken);
    }

    private static async Task PaceAsync(SuiteRun run, IMessagingSubject[] subjects, CancellationToken cancellationToken)
    {
        var (rounds, count) = run.Quick ? (3, 100) : (5, 400);
        run.Say($"latency: {rounds} rounds of {count} messages, one every {Pace.TotalMilliseconds:0} ms");
        var samples = await Interleaved.RunAsync(
            rounds,
            [.. subjects.Select(subject => new Func<CancellationToken, Task<double[]>>(stop => subject.PaceAsync(count, Pace, stop)))],
            cancellationToken);
        foreach (var (ours, peer) in Pairings())
        {
            run.Add(Latency("median latency", 50, samples, ours, peer) with { Goal = peer == 0 ? Goal.ValueUnder(3) : null });
            run.Add(Latency("99th percentile of latency", 99, samples, ours, peer));
        }
    }

    private static async Task FloodAsync(SuiteRun run, IMessagingSubject[] subjects, CancellationToken cancellationToken)
    {
        var (rounds, count) = run.Quick ? (2, 4_000) : (5, 16_000);
        run.Say($"throughput: {rounds} rounds of {count} messages, {Pairs} senders with {Window} on their way each");
        var samples = await Interleaved.RunAsync(
            rounds,
            [.. subjects.Select(subject => new Func<CancellationToken, Task<double>>(stop => subject.FloodAsync(Pairs, count, Window, stop)))],
            cancellationToken);
        foreach (var (ours, peer) in Pairings())
        {
            run.Add(new Row
            {
                Suite = Name,
                Name = $"{Ours[ours]}, throughput",
                Value = Statistics.Median(samples[ours]),
                Unit = "messages/s",
                Peer = Peers[peer],
                PeerValue = Statistics.Median(samples[Ours.Length + peer]),
                Ratio = Statistics.MedianRatio(samples[ours], samples[Ours.Length + peer]),
                Goal = peer == 0 ? Goal.ValueAtLeast(5_000) : null,
            });
        }
    }

    private static IEnumerable<(int Ours, int Peer)> Pairings() =>
        Enumerable.Range(0, Ours.Length).SelectMany(_ => Enumerable.Range(0, Peers.Length), (ours, peer) => (ours, peer));

    private static Row Latency(string what, double percent, IReadOnlyList<double[]>[] samples, int ours, int peer)
    {
        var (own, other) = (samples[ours], samples[Ours.Length + peer]);
        return new Row
        {
            Suite = Name,
            Name = $"{Ours[ours]}, {what}",
            Value = Statistics.Percentile(own.SelectMany(round => round), percent),
            Unit = "ms",
            Peer = Peers[peer],
            PeerValue = Statistics.Percentile(other.SelectMany(round => round), percent),
            Ratio = Statistics.MedianRatio(
                [.. own.Select(round => Statistics.Percentile(round, percent))],
                [.. other.Select(round => Statistics.Percentile(round, percent))]),
        };
    }
}
