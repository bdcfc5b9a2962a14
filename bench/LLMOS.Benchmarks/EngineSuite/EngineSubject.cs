using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The engine alone: the requests are submitted at once and each stream is read to its end.</summary>
internal sealed class EngineSubject(LlamaModel model, int contextCells) : IAsyncDisposable
{
    private readonly LlamaCppEngine _engine = new(model, new EngineOptions { ContextCells = contextCells, Threads = 1 });

    public async Task<GenerationSample> RunAsync(GenerationWorkload workload)
    {
        var before = _engine.Statistics;
        var timer = WorkTimer.Start();
        var counts = await Task.WhenAll(Enumerable.Range(0, workload.Batch).Select(sequence => ReadAsync(workload, sequence)));
        var took = timer.Stop();
        var after = _engine.Statistics;
        if (counts.Sum() != after.DecodedTokens - before.DecodedTokens)
            throw new BenchmarkException($"The engine counts {after.DecodedTokens - before.DecodedTokens} tokens and its readers got {counts.Sum()}.");
        return workload.Sample("engine", took, after.Steps - before.Steps, after.PrefilledTokens - before.PrefilledTokens, counts.Sum());
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

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
