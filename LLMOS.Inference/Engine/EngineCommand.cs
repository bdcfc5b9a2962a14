namespace LLMOS.Inference.Engine;

/// <summary>Something for the owner thread to do between two steps.</summary>
/// <param name="Run">What to do.</param>
/// <param name="Broken">What to do when native code broke off in the middle of it.</param>
internal readonly record struct EngineCommand(Action Run, Action<LlamaException>? Broken);
