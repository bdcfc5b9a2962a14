using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>A broadcast to many processes, durable, beside as many single messages of the same sender.</summary>
internal static class BroadcastBenchmark
{
    private const int AtOnce = 64;
    private const double GoalSeconds = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static async Task MeasureAsync(SuiteRun run, LlmosClient client, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 1_000 : 10_000;
        var rounds = run.Quick ? 1 : 3;
        run.Say($"broadcast: {rounds} rounds to {count} processes");
        var pids = new long[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, options, async (i, _) =>
            pids[i] = (await client.SpawnAsync(new ProcessSpec { Name = "hears", Program = ProcessPrograms.Mailbox })).Pid);

        var samples = await Interleaved.RunAsync(
            rounds,
            [
                stop => TimeAsync(client, pids, () => BroadcastAsync(client, count), stop),
                stop => TimeAsync(client, pids, () => SendEachAsync(client, pids, stop), stop),
            ],
            cancellationToken);
        run.Add(Row($"broadcast to {count} processes, durable", samples, sample => sample.Logged));
        run.Add(Row($"broadcast to {count} processes, in each mailbox", samples, sample => sample.Arrived) with { Goal = Goal.ValueUnder(GoalSeconds) });
        await Parallel.ForEachAsync(pids, options, async (pid, _) => await client.KillAsync(pid, "measured"));
    }

    private static Row Row(string name, IReadOnlyList<(double Logged, double Arrived)>[] samples, Func<(double Logged, double Arrived), double> part)
    {
        double[] own = [.. samples[0].Select(part)];
        double[] other = [.. samples[1].Select(part)];
        return new Row
        {
            Suite = KernelBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(own),
            Unit = "s",
            Peer = "as many single messages",
            PeerValue = Statistics.Median(other),
            Ratio = Statistics.MedianRatio(own, other),
        };
    }

    private static async Task BroadcastAsync(LlmosClient client, int count)
    {
        var receipt = await client.MulticastAsync(
            WellKnownPids.Console,
            new OutgoingMessage { To = 0, MessageType = VmpMessageType.Broadcast, Payload = BenchmarkMessage.Payload, Vector = BenchmarkMessage.Vector });
        if (receipt.Recipients < count)
            throw new BenchmarkException($"{count} processes were to hear the broadcast and it went to {receipt.Recipients}.");
    }

    /// <summary>As many on their way at once as a client that wants to be quick would have.</summary>
    private static Task SendEachAsync(LlmosClient client, long[] pids, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        pids,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (pid, _) => await client.SendAsync(new OutgoingMessage
        {
            To = pid,
            MessageType = VmpMessageType.Notification,
            Payload = BenchmarkMessage.Payload,
            Vector = BenchmarkMessage.Vector,
        }));

    /// <summary>Seconds until all copies are on disk, and until each lies in its mailbox.</summary>
    private static async Task<(double Logged, double Arrived)> TimeAsync(
        LlmosClient client, long[] pids, Func<Task> send, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await send();
        var logged = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var pid in pids)
        {
            while ((await client.GetProcessAsync(pid)).Waiting == 0)
            {
                if (Stopwatch.GetElapsedTime(start) > Limit)
                    throw new BenchmarkException($"The message did not come into the mailbox of process {pid} within {Limit.TotalMinutes:0} minutes.");
                await Task.Delay(1, cancellationToken);
            }
        }

        var arrived = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Parallel.ForEachAsync(
            pids,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (pid, stop) =>
            {
                if (await client.ReceiveAsync(pid, cancellationToken: stop) is null || await client.ReceiveAsync(pid, cancellationToken: stop) is not null)
                    throw new BenchmarkException($"Process {pid} was to have one message.");
            });
        return (logged, arrived);
    }
}
