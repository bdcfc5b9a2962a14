namespace LLMOS.Inference.Planning;

/// <summary>Prompt tokens of one sequence that a step computes.</summary>
/// <param name="Sequence">Its index in what the planner was given.</param>
/// <param name="Tokens">The next so many of its pending tokens.</param>
public readonly record struct PrefillChunk(int Sequence, int Tokens);
