using LLMOS.Benchmarks.Measuring;
using LLMOS.Benchmarks.SystemSuite;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>
/// A command of the shell against a silo that runs: the time from the start of its process to its end, beside that of one that does nothing. The shell is the
/// published one, which users have; the one that a build leaves has a row of its own.
/// </summary>
internal static class ShellBenchmark
{
    private const int Processes = 20;

    /// <summary>Milliseconds that <c>ps</c> may take.</summary>
    private const double Limit = 400;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var rounds = run.Quick ? 3 : 11;
        run.Say("shell: dotnet publish LLMOS.Shell");
        var published = await ShellProgram.PublishAsync(run.Workspace.NewFolder(), cancellationToken);
        run.Say($"shell: llmos ps {rounds} times");
        var data = run.Workspace.NewFolder();
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = data }, loadModel: false, cancellationToken);
        silo.Announce();
        for (var i = 0; i < Processes; i++)
            await silo.Client.SpawnAsync(new ProcessSpec { Name = $"process-{i}", Program = ProcessPrograms.Mailbox });
        var samples = await Interleaved.RunAsync(
            rounds,
            [
                stop => published.ListProcessesAsync(data, stop),
                published.ShowVersionAsync,
                stop => ShellProgram.Built.ListProcessesAsync(data, stop),
                ShellProgram.Built.ShowVersionAsync,
            ],
            cancellationToken);
        run.Add(Milliseconds("llmos ps against a running silo, as a program, median", samples[0], samples[1]) with { Goal = Goal.ValueUnder(Limit) });
        run.Add(Milliseconds("the same, not compiled ahead", samples[2], samples[3]));
    }

    private static Row Milliseconds(string name, IReadOnlyList<ShellRun> runs, IReadOnlyList<ShellRun> versions)
    {
        double[] values = [.. runs.Select(run => run.End.TotalMilliseconds)];
        double[] peers = [.. versions.Select(run => run.End.TotalMilliseconds)];
        return new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(values),
            Unit = "ms",
            Peer = "llmos --version",
            PeerValue = Statistics.Median(peers),
            Ratio = Statistics.MedianRatio(values, peers),
        };
    }
}
