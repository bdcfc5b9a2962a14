using System.Text.Json;
using System.Text.Json.Nodes;
using ModelForge.Corpus.Reading.Tools;

namespace ModelForge.Evaluation.Reading;

/// <summary>Reads a tool call as a caller would.</summary>
internal static class ToolCallCheck
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Whether it is a call of a listed tool, each argument a parameter of it and of its type.</summary>
    public static bool IsValid(IReadOnlyList<ToolDefinition> tools, string call)
    {
        if (Parse(call) is not { } parsed || tools.FirstOrDefault(tool => tool.Name == parsed.Name) is not { } tool)
            return false;
        return parsed.Arguments.All(argument => tool.Parameters.Any(parameter => parameter.Name == argument.Key
            && argument.Value?.GetValueKind() == (parameter.Type == "string" ? JsonValueKind.String : JsonValueKind.Number)));
    }

    /// <summary>Whether it is the call that was asked for, with all that was said and nothing else.</summary>
    public static bool IsRight(ToolCallCase example, string call) =>
        Parse(call) is { } parsed && parsed.Name == example.Tool.Name && parsed.Arguments.Count == example.Arguments.Count
        && example.Arguments.All(argument => parsed.Arguments[argument.Parameter.Name]?.ToString().Trim() == argument.Value);

    private static (string Name, JsonObject Arguments)? Parse(string call)
    {
        try
        {
            return JsonNode.Parse(call, documentOptions: Strict) is JsonObject { Count: 2 } parsed && parsed["name"] is JsonValue name && name.TryGetValue<string>(out var text)
                && parsed["arguments"] is JsonObject arguments ? (text, arguments) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
