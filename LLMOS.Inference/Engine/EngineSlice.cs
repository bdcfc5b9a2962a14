namespace LLMOS.Inference;

/// <summary>A run of consecutive steps of an engine that one key had a part in.</summary>
/// <param name="Number">Names it; later slices have higher numbers, and one that still grows keeps its own.</param>
/// <param name="Key">Whose it was.</param>
/// <param name="Began">When it began.</param>
/// <param name="Duration">How long it was, so far.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="PrefillTokens">Tokens of prompts that were computed in them.</param>
/// <param name="DecodeTokens">Tokens of answers.</param>
public sealed record EngineSlice(long Number, string Key, DateTimeOffset Began, TimeSpan Duration, int Steps, int PrefillTokens, int DecodeTokens);
