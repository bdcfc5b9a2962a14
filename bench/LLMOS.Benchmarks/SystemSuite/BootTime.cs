using System.Diagnostics;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Client;
using LLMOS.Silo;
using LLMOS.SystemInterface.Boot;

namespace LLMOS.Benchmarks.SystemSuite;

/// <summary>The time to shell ready with the embedded default model: of the shell as a program, and stage by stage in this process.</summary>
internal static class BootTime
{
    /// <summary>Boot is to take less than 3 seconds.</summary>
    private const double Limit = 3;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        await MeasureShellAsync(run, cancellationToken);
        await MeasureStagesAsync(run, cancellationToken);
    }

    private static async Task MeasureShellAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var rounds = run.Quick ? 3 : 7;
        run.Say($"boot: {rounds} times as a program");
        var samples = await Interleaved.RunAsync(
            rounds,
            [
                stop => ShellProgram.Built.BootAsync(run.Workspace.NewFolder(), stop),
                stop => ShellProgram.Built.ShowVersionAsync(stop),
            ],
            cancellationToken);
        run.Add(Seconds("boot to shell ready, as a program", samples, run => run.Ready) with { Goal = Goal.ValueUnder(Limit) });
        run.Add(Seconds("boot and stop, as a program", samples, run => run.End));
    }

    private static Row Seconds(string name, IReadOnlyList<ShellRun>[] samples, Func<ShellRun, TimeSpan> select)
    {
        double[] values = [.. samples[0].Select(run => select(run).TotalSeconds)];
        double[] peers = [.. samples[1].Select(run => run.End.TotalSeconds)];
        return new Row
        {
            Suite = SystemBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(values),
            Unit = "s",
            Peer = "llmos --version",
            PeerValue = Statistics.Median(peers),
            Ratio = Statistics.MedianRatio(values, peers),
        };
    }

    private static async Task MeasureStagesAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var rounds = run.Quick ? 3 : 7;
        run.Say($"boot: {rounds} times in this process, stage by stage");
        var samples = await Interleaved.RunAsync(rounds, [stop => BootAsync(run.Workspace.NewFolder(), stop)], cancellationToken);
        var total = Statistics.Median(samples[0].Select(stages => stages.Values.Sum()));
        foreach (var stage in samples[0][0].Keys)
        {
            double[] values = [.. samples[0].Select(stages => stages[stage])];
            run.Add(new Row
            {
                Suite = SystemBenchmarks.Name,
                Name = $"boot in a warm process: {stage}",
                Value = Statistics.Median(values),
                Unit = "s",
                Peer = "all of it",
                PeerValue = total,
                Ratio = Statistics.MedianRatio(values, [.. samples[0].Select(stages => stages.Values.Sum())]),
            });
        }
    }

    /// <summary>Boots once.</summary>
    /// <returns>The seconds that each part took, in their order.</returns>
    private static async Task<Dictionary<string, double>> BootAsync(string data, CancellationToken cancellationToken)
    {
        var stages = new Dictionary<string, double>();
        var watch = Stopwatch.StartNew();
        await using var host = LlmosHost.CreateBuilder(new LlmosSiloOptions { Data = data }).Build();
        await host.StartAsync(cancellationToken);
        stages.Add("silo", watch.Elapsed.TotalSeconds);
        await foreach (var progress in new LlmosClient(host.Grains).BootAsync(new BootRequest(), cancellationToken))
        {
            stages.Add(progress.Stage.ToString(), progress.Elapsed.TotalSeconds);
        }

        await host.StopAsync(cancellationToken);
        return stages;
    }
}
