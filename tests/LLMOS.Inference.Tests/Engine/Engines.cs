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
}
