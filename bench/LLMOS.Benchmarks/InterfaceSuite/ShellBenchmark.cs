using LLMOS.Benchmarks.Measuring;
using LLMOS.Benchmarks.SystemSuite;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.InterfaceSuite;

/// <summary>A command of the shell against a silo that runs: the time from the start of its process to its end, beside that of one that does nothing.</summary>
internal static class ShellBenchmark
{
    private const int Processes = 20;

    /// <summary>Milliseconds that <c>ps</c> may take.</summary>
    private const double Limit = 400;

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var rounds = run.Quick ? 3 : 11;
        run.Say($"shell: llmos ps {rounds} times");
        var data = run.Workspace.NewFolder();
        await using var silo = await BenchmarkSilo.StartAsync(new LlmosSiloOptions { Data = data }, loadModel: false, cancellationToken);
        silo.Announce();
        for (var i = 0; i < Processes; i++)
            await silo.Client.SpawnAsync(new ProcessSpec { Name = $"process-{i}", Program = ProcessPrograms.Mailbox });
        var samples = await Interleaved.RunAsync(rounds, [stop => ShellProgram.ListProcessesAsync(data, stop), ShellProgram.ShowVersionAsync], cancellationToken);
        double[] values = [.. samples[0].Select(sample => sample.End.TotalMilliseconds)];
        double[] peers = [.. samples[1].Select(sample => sample.End.TotalMilliseconds)];
        run.Add(new Row
        {
            Suite = InterfaceBenchmarks.Name,
            Name = "llmos ps against a running silo, as a program, median",
            Value = Statistics.Median(values),
            Unit = "ms",
            Peer = "llmos --version",
            PeerValue = Statistics.Median(peers),
            Ratio = Statistics.MedianRatio(values, peers),
            Goal = Goal.ValueUnder(Limit),
        });
    }
}
