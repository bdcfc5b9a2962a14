namespace LLMOS.Inference;

/// <summary>A stretch of a prompt that comes from one side.</summary>
/// <param name="Text">Its text, never empty.</param>
/// <param name="IsData">Whether it comes from the chat, where the text of a control token is only text, and not from the template.</param>
public readonly record struct PromptSegment(string Text, bool IsData);
