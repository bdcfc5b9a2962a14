using LLMOS.Inference;

namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>The engine of this system, asked as a server is.</summary>
internal sealed class EngineChats(LlamaModel model, EngineOptions options) : IChatSubject
{
    private readonly LlamaCppEngine _engine = new(model, options);

    public string Name => options.KvLayout == KvLayout.PerSequence ? "engine, a cache for each" : "engine";

    public async Task<ChatRun> RunAsync(ChatLoad load, CancellationToken cancellationToken) =>
        (await ClosedLoop.RunAsync(load, (prompt, stop) => AskAsync(_engine, Request(prompt, load.AnswerTokens), stop), cancellationToken)).Checked(Name, load);

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <summary>A request that is answered greedily and in full.</summary>
    public static GenerationRequest Request(int[] prompt, int tokens) => new()
    {
        PromptTokens = prompt,
        MaxTokens = tokens,
        Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
    };

    /// <summary>Asks, and reads the answer to its end.</summary>
    /// <param name="engine">Who is asked.</param>
    /// <param name="request">What.</param>
    /// <param name="cancellationToken">Ends the answer, which then is short.</param>
    /// <param name="onToken">Told of each token; null when nobody is.</param>
    public static async Task<ChatAnswer> AskAsync(
        LlamaCppEngine engine, GenerationRequest request, CancellationToken cancellationToken, Action? onToken = null)
    {
        var handle = engine.Submit(request);
        await using var stop = cancellationToken.Register(handle.Cancel);
        while (await handle.Tokens.WaitToReadAsync(CancellationToken.None))
        {
            while (handle.Tokens.TryRead(out _))
                onToken?.Invoke();
        }

        var result = await handle.Completion;
        return new ChatAnswer(result.PromptTokens - result.CachedTokens, result.CompletionTokens, result.TimeToFirstToken.TotalSeconds);
    }
}
