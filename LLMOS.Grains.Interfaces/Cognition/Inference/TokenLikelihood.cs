using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>
/// How likely a generated token was: of the model's own distribution over its whole vocabulary, before bias, penalties, grammar and temperature.
/// </summary>
/// <param name="Token">The token, by its number in the model's vocabulary.</param>
/// <param name="Text">Its text; U+FFFD for a part of a character.</param>
/// <param name="LogProbability">The natural logarithm of its probability; at most 0.</param>
/// <param name="Top">The likeliest tokens in its place, the likeliest first; it need not be among them.</param>
[GenerateSerializer, Immutable, Alias("llmos.token-likelihood")]
public sealed record TokenLikelihood(
    [property: Id(0)] int Token,
    [property: Id(1)] string Text,
    [property: Id(2)] float LogProbability,
    [property: Id(3)] ImmutableArray<TokenAlternative> Top);
