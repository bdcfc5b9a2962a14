namespace LLMOS.Cognition.Inference;

/// <summary>A token that could have come.</summary>
/// <param name="Token">The token, by its number in the model's vocabulary.</param>
/// <param name="Text">Its text; U+FFFD for a part of a character.</param>
/// <param name="LogProbability">The natural logarithm of its probability; at most 0.</param>
[GenerateSerializer, Immutable, Alias("llmos.token-alternative")]
public sealed record TokenAlternative(
    [property: Id(0)] int Token,
    [property: Id(1)] string Text,
    [property: Id(2)] float LogProbability);
