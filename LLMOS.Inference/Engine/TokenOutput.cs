namespace LLMOS.Inference;

/// <summary>A generated token.</summary>
/// <param name="Id">The token. The token that ends the generation is passed on only if text that was held back comes with it.</param>
/// <param name="Text">Whole characters; empty while a character or a possible stop text is incomplete. The texts together are the answer.</param>
public readonly record struct TokenOutput(int Id, string Text)
{
    /// <summary>How likely it was and what else was; null unless asked for, and for the token that ends the generation.</summary>
    public TokenLogProbabilities? LogProbabilities { get; init; }
}
