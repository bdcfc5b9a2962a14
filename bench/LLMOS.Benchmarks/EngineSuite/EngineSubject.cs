using System.Diagnostics;
using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The engine alone: the requests are submitted at once and each stream is read to its end.</summary>
internal sealed class EngineSubject(LlamaModel model, int contextCells, int threads = 1, bool withoutPool = false) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly LlamaCppEngine _engine = new(model, new EngineOptions { ContextCells = contextCells, Threads = threads, ThreadsWithoutPool = withoutPool });

    /// <summary>Its compute threads.</summary>
    public int Threads => _engine.Threads;

    public async Task<GenerationSample> RunAsync(GenerationWorkload workload)
    {
        var before = _engine.Statistics;
        var timer = WorkTimer.Start();
        var counts = await Task.WhenAll(Enumerable.Range(0, workload.Batch).Select(sequence => ReadAsync(workload, sequence)));
        var took = timer.Stop();
        var after = await CountedAsync(before.DecodedTokens + counts.Sum());
        return workload.Sample("engine", took, after.Steps - before.Steps, after.PrefilledTokens - before.PrefilledTokens, counts.Sum());
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>The engine's counts once it has counted its last step, which it does after it has passed the tokens on.</summary>
    private async Task<EngineStatistics> CountedAsync(long decodedTokens)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var statistics = _engine.Statistics;
            if (statistics.DecodedTokens == decodedTokens)
                return statistics;
            if (Stopwatch.GetElapsedTime(start) > Limit)
                throw new BenchmarkException($"The engine counts {statistics.DecodedTokens} tokens and its readers got {decodedTokens}.");
            await Task.Delay(1);
        }
    }

    private async Task<long> ReadAsync(GenerationWorkload workload, int sequence)
    {
        var handle = _engine.Submit(new GenerationRequest
        {
            PromptTokens = workload.Prompts[sequence],
            MaxTokens = workload.CompletionTokens,
            Sampling = GenerationWorkload.Sampling(sequence),
        });
        var tokens = 0L;
        while (await handle.Tokens.WaitToReadAsync())
        {
            while (handle.Tokens.TryRead(out _))
                tokens++;
        }

        await handle.Completion;
        return tokens;
    }
}
