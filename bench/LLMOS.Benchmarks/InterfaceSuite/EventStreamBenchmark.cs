using System.Diagnostics;
using System.Text;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>Streams of events that mostly say nothing: what they hold of memory and take of the processor while they are idle, and how soon all of them have an event.</summary>
internal static class EventStreamBenchmark
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 200 : 2_000;
        run.Say($"events: {count} streams");
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = run.Workspace.NewFolder(), HttpPort = 0 }, loadModel: false, cancellationToken);
        var mailbox = (await silo.Client.SpawnAsync(new ProcessSpec { Name = "mailbox", Program = ProcessPrograms.Mailbox })).Pid;
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { BaseAddress = silo.HttpAddress, Timeout = Timeout.InfiniteTimeSpan };
        var streams = new List<Stream>();
        try
        {
            await OpenAsync(1);
            var first = await DeliverAsync();
            var idleOfOne = await IdleAsync();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await OpenAsync(count - 1);
            var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)(count - 1);
            var idle = await IdleAsync();
            var all = await DeliverAsync();
            run.Add(Row($"{count} idle event streams: processor time", idle, "% of a core", "one stream", idleOfOne));
            run.Add(Row($"{count} idle event streams: managed memory of each, both ends", each / 1024, "KiB", "a socket's buffers of 8 KiB", 8));
            run.Add(Row($"an event until all of {count} streams have it", all, "ms", "one stream", first) with { Goal = Goal.ValueUnder(2_000) });
        }
        finally
        {
            foreach (var stream in streams)
                await stream.DisposeAsync();
        }

        async Task OpenAsync(int more)
        {
            var gate = new Lock();
            await Parallel.ForAsync(0, more, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken }, async (_, stop) =>
            {
                var response = await http.GetAsync(new Uri("vapi/v1/events?kinds=message", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, stop);
                response.EnsureSuccessStatusCode();
                var stream = await response.Content.ReadAsStreamAsync(stop);
                lock (gate)
                    streams.Add(stream);
            });
        }

        async Task<double> IdleAsync()
        {
            using var process = Process.GetCurrentProcess();
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            process.Refresh();
            var (spent, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            await Task.Delay(TimeSpan.FromSeconds(run.Quick ? 2 : 10), cancellationToken);
            process.Refresh();
            return 100 * (process.TotalProcessorTime - spent).TotalSeconds / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        async Task<double> DeliverAsync()
        {
            var text = $"event {Guid.NewGuid():N}";
            var began = Stopwatch.GetTimestamp();
            var reading = streams.Select(stream => ReadUntilAsync(stream, text, cancellationToken)).ToArray();
            await silo.Client.SendAsync(new OutgoingMessage { To = mailbox, Payload = text, MessageType = VmpMessageType.Notification });
            await Task.WhenAll(reading).WaitAsync(Patience, cancellationToken);
            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
    }

    private static async Task ReadUntilAsync(Stream stream, string text, CancellationToken cancellationToken)
    {
        // A message's record has its text only shortened, and no event but this one comes.
        var buffer = new byte[4_096];
        var seen = new StringBuilder();
        while (!seen.ToString().Contains("event: message", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                throw new BenchmarkException($"A stream ended before '{text}' came.");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    private static Row Row(string name, double value, string unit, string peer, double peerValue) => new()
    {
        Suite = InterfaceBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = unit,
        Peer = peer,
        PeerValue = peerValue,
        Ratio = value / peerValue,
    };
}
