namespace LLMOS.Inference.Planning;

/// <summary>A sequence that gives its cells and its sequence id back.</summary>
/// <param name="Sequence">Its index in what the planner was given.</param>
/// <param name="To"><see cref="Residency.Swapped"/> to save its KV in host memory, <see cref="Residency.Cold"/> to drop it.</param>
public readonly record struct SwapOut(int Sequence, Residency To);
