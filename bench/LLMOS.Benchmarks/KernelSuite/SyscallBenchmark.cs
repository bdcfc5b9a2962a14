using System.Collections.Immutable;
using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Scheduling;
using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>
/// A syscall's way through the dispatcher, with its arguments read, the caller's permissions checked and the call recorded,
/// beside the grain call that it comes down to.
/// </summary>
internal sealed class SyscallBenchmark(LlmosClient client)
{
    private const double MicrosecondsInMillisecond = 1_000;

    public async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var process = await client.SpawnAsync(new ProcessSpec { Name = "bench", Role = "is asked about", Program = ProcessPrograms.Mailbox });
        var pid = SyscallValue.Of((decimal)process.Pid);
        var look = Call("getrlimit", ("pid", pid));
        var grain = client.Grains.GetGrain<IProcessGrain>(process.Pid);
        var (rounds, looks, writes) = run.Quick ? (3, 500, 50) : (5, 4_000, 300);
        run.Say($"syscalls: {rounds} rounds of {looks} that look and {writes} that write");
        Func<CancellationToken, Task<double[]>>[] subjects =
        [
            stop => TimeAsync(looks, _ => client.CallAsync(look, cancellationToken: stop)),
            _ => TimeAsync(looks, _ => grain.GetAsync()),
            stop => TimeAsync(writes, i => client.CallAsync(Call("setpriority", ("pid", pid), ("priority", SyscallValue.Of(8 + (i % 4)))), cancellationToken: stop)),
            _ => TimeAsync(writes, i => grain.SetPriorityAsync(new ProcessPriority(8 + (i % 4)))),
        ];
        var samples = await Interleaved.RunAsync(rounds, subjects, cancellationToken);
        run.Add(Latency("syscall getrlimit, checked and recorded, median", 50, samples[0], samples[1], "the process's grain asked directly") with { Goal = Goal.ValueUnder(150) });
        run.Add(Latency("syscall getrlimit, checked and recorded, 99th percentile", 99, samples[0], samples[1], "the process's grain asked directly"));
        run.Add(Latency("syscall setpriority, durable, median", 50, samples[2], samples[3], "the process's grain told directly, checked and recorded by the filter alone"));
        await client.KillAsync(process.Pid, "measured");
    }

    private static async Task<double[]> TimeAsync(int count, Func<int, Task> call)
    {
        var microseconds = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call(i);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds * MicrosecondsInMillisecond;
        }

        return microseconds;
    }

    private static SyscallCall Call(string name, params (string Name, SyscallValue Value)[] arguments) => new(
        name, arguments.ToImmutableSortedDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal));

    private static Row Latency(string name, double percent, IReadOnlyList<double[]> own, IReadOnlyList<double[]> peer, string peerName) => new()
    {
        Suite = KernelBenchmarks.Name,
        Name = name,
        Value = Statistics.Percentile(own.SelectMany(round => round), percent),
        Unit = "µs",
        Peer = peerName,
        PeerValue = Statistics.Percentile(peer.SelectMany(round => round), percent),
        Ratio = Statistics.MedianRatio(
            [.. own.Select(round => Statistics.Percentile(round, percent))],
            [.. peer.Select(round => Statistics.Percentile(round, percent))]),
    };
}
