using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>One message of a prompt.</summary>
[GenerateSerializer, Immutable, Alias("llmos.prompt-message")]
public sealed record PromptMessage(
    [property: Id(0)] PromptRole Role,
    [property: Id(1)] string Text)
{
    /// <summary>Of the assistant: the calls that it made.</summary>
    [Id(2)] public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Of a tool: the call whose result the text is; empty when it is not known.</summary>
    [Id(3)] public string ToolCallId { get; init; } = "";
}
