using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Benchmarks.SystemSuite;
using LLMOS.Kernel.Messaging;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;
using Microsoft.Extensions.DependencyInjection;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>Many processes that wait for a message: how fast they are spawned, what each takes, and how soon one of them is at work.</summary>
internal sealed class IdleProcessBenchmark
{
    private const int AtOnce = 64;
    private const int First = 500;
    private const double SpawnsASecond = 1_000;
    private const double MostMilliseconds = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly BenchmarkSilo _silo;
    private readonly WakeProgram _program;
    private long _next;

    private IdleProcessBenchmark(BenchmarkSilo silo, WakeProgram program)
    {
        _silo = silo;
        _program = program;
    }

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var program = new WakeProgram();
        await using var silo = await BenchmarkSilo.StartAsync(
            new LlmosSiloOptions { Data = run.Workspace.NewFolder() },
            loadModel: false,
            cancellationToken,
            builder => builder.Services.AddSingleton<IProcessProgram>(program));
        await new IdleProcessBenchmark(silo, program).RunAsync(run, cancellationToken);
    }

    private async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var count = run.Quick ? 5_000 : 100_000;
        var wakes = run.Quick ? 500 : 2_000;

        // The first ones pay for the code that is compiled.
        await MakeAsync(First, _ => SpawnAsync(), cancellationToken);
        await MakeAsync(First, _ => KeepAsync(), cancellationToken);
        run.Say($"idle processes: {count} grains with one write each, then as many processes");
        var peer = await MeasureAsync(count, _ => KeepAsync(), cancellationToken);
        var pids = new long[count];
        var own = await MeasureAsync(count, async i => pids[i] = await SpawnAsync(), cancellationToken);
        const string Stored = "grain that writes its state once";
        run.Add(Row($"spawn, durable, of {count} processes", "processes/s", own.Rate, Stored, peer.Rate) with { Goal = Goal.ValueAtLeast(SpawnsASecond) });
        run.Add(Row($"idle process, of {count}, managed", "bytes", own.Managed, Stored, peer.Managed) with { Goal = Goal.ValueUnder(8 * 1024) });
        run.Add(Row($"idle process, of {count}, resident", "bytes", own.Resident, Stored, peer.Resident));

        run.Say($"waking {wakes} of them, one every {Pace.TotalMilliseconds:0} ms");
        var random = new Random(1);
        var one = await WakeAsync([.. Enumerable.Repeat(pids[0], wakes)], cancellationToken);
        var any = await WakeAsync([.. Enumerable.Range(0, wakes).Select(_ => pids[random.Next(count)])], cancellationToken);
        AddLatency(run, $"time to wake one of {count}", any, "the same one again and again", one);

        run.Say("putting all to sleep in the store, and waking as many");
        await SleepAsync(cancellationToken);
        var stored = await WakeAsync([.. pids.OrderBy(_ => random.Next()).Take(wakes)], cancellationToken);
        AddLatency(run, $"time to wake one of {count} that sleep in the store", stored, "one that is in memory", any);
    }

    private static void AddLatency(SuiteRun run, string name, double[] own, string peerName, double[] peer)
    {
        run.Add(Row($"{name}, median", "ms", Statistics.Median(own), peerName, Statistics.Median(peer)));
        run.Add(Row($"{name}, 99th percentile", "ms", Statistics.Percentile(own, 99), peerName, Statistics.Percentile(peer, 99)) with { Goal = Goal.ValueUnder(MostMilliseconds) });
    }

    private static Row Row(string name, string unit, double value, string peer, double peerValue) => new()
    {
        Suite = KernelBenchmarks.Name,
        Name = name,
        Value = value,
        Unit = unit,
        Peer = peer,
        PeerValue = peerValue,
        Ratio = value / peerValue,
    };

    private static async Task<(double Rate, double Managed, double Resident)> MeasureAsync(int count, Func<int, Task> make, CancellationToken cancellationToken)
    {
        var managed = ManagedMemory.Measure();
        var resident = Environment.WorkingSet;
        var start = Stopwatch.GetTimestamp();
        await MakeAsync(count, make, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        managed = ManagedMemory.Measure() - managed;
        return (count / seconds, managed / (double)count, (Environment.WorkingSet - resident) / (double)count);
    }

    private static Task MakeAsync(int count, Func<int, Task> make, CancellationToken cancellationToken) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, _) => await make(i));

    private async Task<long> SpawnAsync() => (await _silo.Client.SpawnAsync(new ProcessSpec
    {
        Name = "idle",
        Role = "You wait until somebody asks you something, and answer in one sentence.",
        Program = WakeProgram.ProgramName,
    })).Pid;

    private Task KeepAsync() => _silo.Grains.GetGrain<IStoredGrain>(Interlocked.Increment(ref _next)).KeepAsync(1);

    /// <summary>Milliseconds from the sending of a message to the beginning of the turn that handles it.</summary>
    private async Task<double[]> WakeAsync(long[] pids, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pace);
        var milliseconds = new double[pids.Length];
        for (var i = 0; i < pids.Length; i++)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var id = Guid.NewGuid();
            var beginning = _program.BeginningAsync(id);
            var start = Stopwatch.GetTimestamp();
            await _silo.Client.SendAsync(new OutgoingMessage
            {
                MessageId = id,
                To = pids[i],
                MessageType = VmpMessageType.Notification,
                Payload = "wake up",
            });
            milliseconds[i] = Stopwatch.GetElapsedTime(start, await beginning.WaitAsync(Limit, cancellationToken)).TotalMilliseconds;
        }

        return milliseconds;
    }

    /// <summary>Takes out of memory what nobody uses, as the silo does by itself after a while.</summary>
    private async Task SleepAsync(CancellationToken cancellationToken)
    {
        var management = _silo.Grains.GetGrain<IManagementGrain>(0);
        var start = Stopwatch.GetTimestamp();
        while (await CountAsync(management) > 0)
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new BenchmarkException($"Not all processes were taken out of memory within {Limit.TotalMinutes:0} minutes.");
            await management.ForceActivationCollection(TimeSpan.Zero, cancellationToken);
            await Task.Delay(100, cancellationToken);
        }
    }

    /// <summary>Idle processes in memory; the system's own stay.</summary>
    private static async Task<int> CountAsync(IManagementGrain management)
    {
        const int Systems = 8;
        var statistics = await management.GetSimpleGrainStatistics();
        return Math.Max(0, statistics.Where(entry => entry.GrainType.Contains(nameof(ProcessGrain), StringComparison.Ordinal)).Sum(entry => entry.ActivationCount) - Systems);
    }
}
