using System.Text.Json;

namespace LLMOS.Inference;

/// <summary>How a chat is rendered.</summary>
public sealed record ChatTemplateOptions
{
    internal static ChatTemplateOptions Default { get; } = new();

    /// <summary>Whether the prompt ends where the assistant begins to answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>The functions that the model may call.</summary>
    public IReadOnlyList<ChatTool> Tools { get; init; } = [];

    /// <summary><c>enable_thinking</c>, of models that can do both; null leaves it to the template.</summary>
    public bool? EnableThinking { get; init; }

    /// <summary><c>reasoning_effort</c>, such as <c>low</c>; null leaves it to the template.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Other variables that a template knows, such as <c>documents</c> or <c>builtin_tools</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement> Variables { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The time that a template may print; null for now.</summary>
    public DateTimeOffset? Now { get; init; }
}
