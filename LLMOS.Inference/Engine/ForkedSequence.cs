namespace LLMOS.Inference;

/// <summary>A sequence that was forked from another.</summary>
/// <param name="Tokens">All tokens of the parent at that moment: its prompt and what it has generated of its answer. A prompt that begins with them goes on where it is.</param>
/// <param name="SharedTokens">Those of them whose KV the two share; the last one that was sampled is not computed yet, and nothing is when the parent's KV was dropped.</param>
public sealed record ForkedSequence(IReadOnlyList<int> Tokens, int SharedTokens);
