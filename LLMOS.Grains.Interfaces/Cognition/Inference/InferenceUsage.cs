namespace LLMOS.Cognition.Inference;

/// <summary>How a generation ended and what it took.</summary>
/// <param name="FinishReason">How it ended.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Those of them that a cache held, so that they were not computed.</param>
/// <param name="CompletionTokens">Tokens of the answer, with those that the request came with (<see cref="InferenceRequest.Emitted"/>).</param>
/// <param name="EngineTime">From admission to the engine to the last token.</param>
/// <param name="TimeToFirstToken">From the request to the first token.</param>
[GenerateSerializer, Immutable, Alias("llmos.inference-usage")]
public sealed record InferenceUsage(
    [property: Id(0)] FinishReason FinishReason,
    [property: Id(1)] int PromptTokens,
    [property: Id(2)] int CachedTokens,
    [property: Id(3)] int CompletionTokens,
    [property: Id(4)] TimeSpan EngineTime,
    [property: Id(5)] TimeSpan TimeToFirstToken);
