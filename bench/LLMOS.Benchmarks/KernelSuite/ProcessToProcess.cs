using System.Diagnostics;
using LLMOS.Client;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>VMP as processes use it: a process sends, the message is logged and streamed, and the other has it in its mailbox.</summary>
internal sealed class ProcessToProcess(LlmosClient client) : IMessagingSubject
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public async Task<double[]> PaceAsync(int count, TimeSpan pace, CancellationToken cancellationToken)
    {
        var (from, to) = (await SpawnAsync(), await SpawnAsync());
        var receiver = client.Grains.GetGrain<IProcessGrain>(to);
        using var timer = new PeriodicTimer(pace);
        var milliseconds = new double[count];
        for (var i = 0; i < count; i++)
        {
            // Asked for before the tick: a call right before the message would have woken the threads that carry it.
            var receiving = receiver.PeekAsync(MessageFilter.Any, Limit, cancellationToken);
            await timer.WaitForNextTickAsync(cancellationToken);
            var start = Stopwatch.GetTimestamp();
            var sending = client.SendAsync(from, Message(to));
            var received = await receiving ?? throw new BenchmarkException($"A message from process {from} did not come to process {to} within {Limit.TotalMinutes:0} minutes.");
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            await sending;
            await receiver.ConsumeAsync(received.MessageId);
        }

        await KillAsync([from, to]);
        return milliseconds;
    }

    public async Task<double> FloodAsync(int pairs, int count, int window, CancellationToken cancellationToken)
    {
        var senders = await Task.WhenAll(Enumerable.Range(0, pairs).Select(_ => SpawnAsync()));
        var receivers = await Task.WhenAll(Enumerable.Range(0, pairs).Select(_ => SpawnAsync()));
        var each = count / pairs;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(senders.Zip(receivers, (from, to) => SendAsync(from, to, each, window)));
        await ArrivalAsync(receivers, each, start, cancellationToken);
        var took = Stopwatch.GetElapsedTime(start);
        await KillAsync([.. senders, .. receivers]);
        return each * pairs / took.TotalSeconds;
    }

    private async Task SendAsync(long from, long to, int count, int window)
    {
        var onTheirWay = new Queue<Task>(window);
        for (var i = 0; i < count; i++)
        {
            if (onTheirWay.Count == window)
                await onTheirWay.Dequeue();
            onTheirWay.Enqueue(client.SendAsync(from, Message(to)));
        }

        await Task.WhenAll(onTheirWay);
    }

    /// <summary>Looks into the mailboxes until all messages are there.</summary>
    private async Task ArrivalAsync(long[] receivers, int each, long start, CancellationToken cancellationToken)
    {
        while ((await Task.WhenAll(receivers.Select(client.GetProcessAsync))).Sum(process => process.Waiting) is var waiting && waiting < each * receivers.Length)
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new BenchmarkException($"Of {each * receivers.Length} messages, {waiting} came into the mailboxes within {Limit.TotalMinutes:0} minutes.");
            await Task.Delay(1, cancellationToken);
        }
    }

    private async Task<long> SpawnAsync()
    {
        var process = await client.SpawnAsync(new ProcessSpec { Name = "bench", Role = "holds what comes", Program = ProcessPrograms.Mailbox });
        return process.Pid;
    }

    private Task KillAsync(IEnumerable<long> pids) => Task.WhenAll(pids.Select(pid => client.KillAsync(pid, "measured")));

    private static OutgoingMessage Message(long to) => new()
    {
        To = to,
        MessageType = VmpMessageType.Notification,
        Payload = BenchmarkMessage.Payload,
        Vector = BenchmarkMessage.Vector,
    };
}
