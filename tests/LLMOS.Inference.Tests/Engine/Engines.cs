namespace LLMOS.Inference.Tests.Engine;

/// <summary>Engines and requests as most tests want them.</summary>
internal static class Engines
{
    /// <summary>One compute thread, since other tests and the machine's other work share the cores.</summary>
    public static EngineOptions Small { get; } = new() { ContextCells = 2048, StepTokens = 256, PrefillTokensBesideDecode = 64, Threads = 1 };

    public static GenerationRequest Request(string prompt, int maxTokens, string? key = null, LlamaModel? model = null) => new()
    {
        Key = key,
        PromptTokens = (model ?? TestModels.F32).Tokenize(prompt),
        MaxTokens = maxTokens,
        Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
    };

    public static GenerationRequest Request(int[] prompt, int maxTokens, string? key = null, string? domain = null) => new()
    {
        Key = key,
        Domain = domain,
        PromptTokens = prompt,
        MaxTokens = maxTokens,
        Sampling = SamplingParameters.Greedy with { IgnoreEnd = true },
    };

    /// <summary>So many tokens; other seeds give others from the first on.</summary>
    public static int[] Tokens(int seed, int count)
    {
        var random = new Random(seed);
        return [300 + (seed % 700), .. Enumerable.Range(1, count - 1).Select(_ => random.Next(300, 1000))];
    }

    public static async Task<List<int>> Drain(GenerationHandle handle)
    {
        var ids = new List<int>();
        await foreach (var token in handle.ReadAllAsync(TestContext.Current.CancellationToken))
            ids.Add(token.Id);
        await handle.Completion;
        return ids;
    }

    public static async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
