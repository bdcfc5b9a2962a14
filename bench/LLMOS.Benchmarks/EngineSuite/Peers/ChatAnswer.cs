namespace LLMOS.Benchmarks.EngineSuite.Peers;

/// <summary>One answer.</summary>
/// <param name="Prefilled">Prompt tokens that were computed for it.</param>
/// <param name="Generated">Tokens that were generated.</param>
/// <param name="FirstToken">Seconds from the asking to the first token.</param>
internal readonly record struct ChatAnswer(long Prefilled, long Generated, double FirstToken);
