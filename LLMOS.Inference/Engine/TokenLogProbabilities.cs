namespace LLMOS.Inference;

/// <summary>What a model thought of a token that was chosen: see <see cref="SamplingParameters.TopLogProbabilities"/>.</summary>
/// <param name="Chosen">The natural logarithm of the chosen token's probability.</param>
/// <param name="Top">The likeliest tokens in its place, the likeliest first; as many as were asked for, or fewer where fewer are possible.</param>
public sealed record TokenLogProbabilities(float Chosen, IReadOnlyList<TokenLogProbability> Top);
