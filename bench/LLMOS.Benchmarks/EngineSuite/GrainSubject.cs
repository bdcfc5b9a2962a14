using System.Diagnostics;
using LLMOS.Client;
using LLMOS.Kernel.Processes;
using LLMOS.Silo;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>
/// The whole way: agents on a silo in this process are asked by message, their turns run through the inference grain, and
/// the client watches the tokens come. Spawning and killing them is not timed.
/// </summary>
internal sealed class GrainSubject : IAsyncDisposable
{
    private const long AmpleBudget = 1_000_000;

    private readonly BenchmarkSilo _silo;
    private readonly LlmosClient _client;

    private GrainSubject(BenchmarkSilo silo)
    {
        _silo = silo;
        _client = silo.Client;
    }

    public static async Task<GrainSubject> StartAsync(string model, int contextCells, string data, CancellationToken cancellationToken)
    {
        var options = new LlmosSiloOptions { Data = data };
        options.Models.Default = model;
        options.Models.ContextCells = contextCells;
        options.Models.Threads = 1;
        return new GrainSubject(await BenchmarkSilo.StartAsync(options, loadModel: true, cancellationToken));
    }

    public Task<GenerationSample> RunAsync(GenerationWorkload workload, CancellationToken cancellationToken) =>
        RunAsync(workload, ProcessDurability.Turn, cancellationToken);

    public async Task<GenerationSample> RunAsync(GenerationWorkload workload, ProcessDurability durability, CancellationToken cancellationToken)
    {
        var pids = await Task.WhenAll(Enumerable.Range(0, workload.Batch).Select(sequence => SpawnAsync(workload, sequence, durability)));
        var timer = WorkTimer.Start();
        var ends = await Task.WhenAll(pids.Select((pid, sequence) => AskAsync(workload, pid, sequence, cancellationToken)));
        var took = timer.Stop(ends.Max());

        var processes = await Task.WhenAll(pids.Select(_client.GetProcessAsync));
        await Task.WhenAll(pids.Select(pid => _client.KillAsync(pid, "measured")));
        return workload.Sample(
            "way through the grains", took, steps: 0, processes.Sum(process => process.PromptTokens), processes.Sum(process => process.CompletionTokens));
    }

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    private async Task<long> SpawnAsync(GenerationWorkload workload, int sequence, ProcessDurability durability)
    {
        var process = await _client.SpawnAsync(new ProcessSpec
        {
            Name = $"bench-{sequence}",
            Role = GenerationWorkload.Role(sequence),
            Budget = AmpleBudget,
            MaxTokensPerTurn = workload.CompletionTokens,
            Durability = durability,
            Temperature = GenerationWorkload.Sampling(sequence).Temperature,
            Seed = GenerationWorkload.Sampling(sequence).Seed,
        });
        return process.Pid;
    }

    /// <summary>Asks and watches.</summary>
    /// <returns>When the last token came, as a timestamp.</returns>
    private async Task<long> AskAsync(GenerationWorkload workload, long pid, int sequence, CancellationToken cancellationToken)
    {
        var last = 0L;
        var tokens = 0;
        await foreach (var output in _client.AskStreamingAsync(pid, GenerationWorkload.Question(sequence), cancellationToken))
        {
            if (output.Kind == ProcessOutputKind.Text)
            {
                tokens += output.Tokens;
                last = Stopwatch.GetTimestamp();
            }
        }

        return tokens == workload.CompletionTokens
            ? last
            : throw new BenchmarkException($"The watcher of process {pid} saw {tokens} tokens, where {workload.CompletionTokens} were due.");
    }
}
