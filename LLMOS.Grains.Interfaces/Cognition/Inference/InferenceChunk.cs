namespace LLMOS.Cognition.Inference;

/// <summary>A piece of what an inference grain generates.</summary>
/// <param name="Text">Whole characters; empty while a character is split over tokens.</param>
/// <param name="Tokens">Tokens it stands for.</param>
/// <param name="Usage">In the last piece: how the generation ended and what it took; null before.</param>
[GenerateSerializer, Immutable, Alias("llmos.inference-chunk")]
public sealed record InferenceChunk(
    [property: Id(0)] string Text,
    [property: Id(1)] int Tokens,
    [property: Id(2)] InferenceUsage? Usage);
