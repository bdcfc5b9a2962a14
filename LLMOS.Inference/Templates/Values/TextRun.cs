namespace LLMOS.Inference.Templates.Values;

/// <summary>A stretch of a text that comes from one side; it begins where the one before it ends.</summary>
/// <param name="End">The place behind its last character.</param>
/// <param name="IsData">Whether it comes from the chat and not from the template.</param>
internal readonly record struct TextRun(int End, bool IsData);
