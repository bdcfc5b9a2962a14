using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>A piece of what an inference grain generates.</summary>
/// <param name="Text">Whole characters; empty while a character is split over tokens.</param>
/// <param name="Tokens">Tokens it stands for.</param>
/// <param name="Usage">In the last piece: how the generation ended and what it took; null before.</param>
[GenerateSerializer, Immutable, Alias("llmos.inference-chunk")]
public sealed record InferenceChunk(
    [property: Id(0)] string Text,
    [property: Id(1)] int Tokens,
    [property: Id(2)] InferenceUsage? Usage)
{
    /// <summary>Its tokens, in order, each with how likely it was; empty unless <see cref="SamplingOptions.TopLogProbabilities"/> asks for them.</summary>
    [Id(3)] public ImmutableArray<TokenLikelihood> Likelihoods { get; init; } = [];

    /// <summary>In the last piece: the calls that the model made. Their text is in no piece.</summary>
    [Id(4)] public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>What the model thought before its answer; told apart from the answer where the request has tools.</summary>
    [Id(5)] public string Reasoning { get; init; } = "";

    /// <summary>Its tokens, in order; empty unless <see cref="InferenceRequest.NamesTokens"/> asks for them.</summary>
    [Id(6)] public ImmutableArray<int> TokenIds { get; init; } = [];
}
