using System.Diagnostics;
using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Security;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.KernelSuite;

/// <summary>
/// How long a generation goes on after READ_CONTEXT was taken from its process, from the call until the engine has no
/// sequence of it, beside the same for a process that is killed.
/// </summary>
internal static class RevocationBenchmark
{
    private const double Limit = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        // A model of random weights hardly ever ends an answer by itself.
        var options = new LlmosSiloOptions { Data = run.Workspace.NewFolder() };
        options.Models.Default = ModelCache.FindSmall(run);
        await using var silo = await BenchmarkSilo.StartAsync(options, loadModel: true, cancellationToken);
        var engine = silo.Grains.GetGrain<IInferenceGrain>(InferenceKeys.Create(InferenceKeys.DefaultModel, 0));
        var rounds = run.Quick ? 10 : 50;
        run.Say($"revocations: {rounds} generations that are stopped by one, and as many by a kill");
        var samples = await Interleaved.RunAsync(
            rounds,
            [
                stop => StopAsync(silo, engine, process => process.RevokeAsync(Permissions.ReadContext), stop),
                stop => StopAsync(silo, engine, process => process.KillAsync(ExitReason.Killed("measured")), stop),
            ],
            cancellationToken);
        run.Add(Milliseconds("median", samples, Statistics.Median));
        run.Add(Milliseconds("longest", samples, Enumerable.Max));
    }

    private static async Task<double> StopAsync(BenchmarkSilo silo, IInferenceGrain engine, Func<IProcessGrain, Task> stop, CancellationToken cancellationToken)
    {
        var agent = await silo.Client.SpawnAsync(new ProcessSpec { Name = "reader", Role = "You go on and on.", MaxTokensPerTurn = 2_000, Budget = 1_000_000 });
        var process = silo.Grains.GetGrain<IProcessGrain>(agent.Pid);
        var answering = silo.Client.AskAsync(agent.Pid, "Go on.", cancellationToken: cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while ((await engine.GetLoadAsync()).Active == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), patience.Token);
        }

        var start = Stopwatch.GetTimestamp();
        var stopping = stop(process);
        while ((await engine.GetLoadAsync()).Active > 0)
        {
            patience.Token.ThrowIfCancellationRequested();
        }

        var milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await stopping;
        await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await process.KillAsync(ExitReason.Killed("measured"));
        return milliseconds;
    }

    private static Row Milliseconds(string what, IReadOnlyList<double>[] samples, Func<IEnumerable<double>, double> of) => new()
    {
        Suite = KernelBenchmarks.Name,
        Name = $"generation stopped by a revocation, {what}",
        Value = of(samples[0]),
        Unit = "ms",
        Peer = "the process killed",
        PeerValue = of(samples[1]),
        Ratio = of(samples[0]) / of(samples[1]),
        Goal = Goal.ValueUnder(Limit),
    };
}
