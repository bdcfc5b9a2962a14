namespace LLMOS.Inference;

/// <summary>How likely a token was.</summary>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">The natural logarithm of its probability; at most 0.</param>
public readonly record struct TokenLogProbability(int Id, float LogProbability);
