namespace LLMOS.Cognition.Inference;

/// <summary>What a prompt would cost.</summary>
/// <param name="PromptTokens">Tokens it is, the chat template's own among them.</param>
/// <param name="CachedTokens">Those of them that a cache holds for the process now.</param>
[GenerateSerializer, Immutable, Alias("llmos.prompt-estimate")]
public readonly record struct PromptEstimate(
    [property: Id(0)] int PromptTokens,
    [property: Id(1)] int CachedTokens)
{
    /// <summary>Tokens that have to be computed.</summary>
    public int Cost => PromptTokens - CachedTokens;
}
