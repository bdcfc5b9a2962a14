namespace LLMOS.Inference;

/// <summary>One message of a chat, for <see cref="LlamaModel.ApplyChatTemplate(IReadOnlyList{ChatTurn}, bool)"/>.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>; templates may know others.</param>
/// <param name="Content">The text; of a tool, its result.</param>
public sealed record ChatTurn(string Role, string Content)
{
    /// <summary>What an assistant thought before it answered; null when it did not, or the thought is not kept.</summary>
    public string? Reasoning { get; init; }

    /// <summary>The calls that an assistant made.</summary>
    public IReadOnlyList<ChatToolCall> ToolCalls { get; init; } = [];

    /// <summary>The call whose result a tool's message is.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The function whose result a tool's message is; null takes the name of the call with <see cref="ToolCallId"/>.</summary>
    public string? Name { get; init; }
}
