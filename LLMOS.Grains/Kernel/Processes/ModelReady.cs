namespace LLMOS.Kernel.Processes;

/// <summary>A model that is loaded and ready to be thought with.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="ContextLength">Tokens that one sequence of it may have.</param>
public sealed record ModelReady(string Name, int ContextLength);
