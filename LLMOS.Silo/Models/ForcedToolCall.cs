using System.Text.Json.Nodes;
using LLMOS.Cognition.Inference;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>
/// How a model is held to one call of a function: the answer is begun for it in the way in which it writes calls, what follows has to fit a schema,
/// and the end is written for it again.
/// </summary>
/// <param name="Opening">What the answer begins with; the model writes on behind it.</param>
/// <param name="Schema">The JSON schema of what it writes.</param>
/// <param name="Closing">What ends the call.</param>
internal sealed record ForcedToolCall(string Opening, string Schema, string Closing)
{
    /// <summary>A call whose arguments are words of a request: for a model that calls whenever it is given functions, whether or not it has to.</summary>
    public static ForcedToolCall Of(IReadOnlyList<ChatTool> tools, string request) => new("", "", "") { Functions = tools, Request = request };

    /// <summary>The functions of such a call; none where a schema says what it is.</summary>
    public IReadOnlyList<ChatTool> Functions { get; private init; } = [];

    /// <summary>The request that its arguments are words of.</summary>
    public string Request { get; private init; } = "";

    /// <param name="model">The model's name, for errors.</param>
    /// <param name="format">How it writes calls.</param>
    /// <param name="tools">The functions of which one is to be called; at least one.</param>
    /// <exception cref="LlmosException">The model writes calls in a way that it cannot be held to.</exception>
    public static ForcedToolCall For(string model, ToolCallFormat format, IReadOnlyList<ToolDeclaration> tools) => format switch
    {
        ToolCallFormat.Hermes => new("<tool_call>\n", OneOf(tools, "name", "arguments"), "\n</tool_call>"),
        ToolCallFormat.Bare => new("", OneOf(tools, "name", "arguments"), ""),
        ToolCallFormat.Llama3 => new("", OneOf(tools, "name", "parameters"), ""),
        ToolCallFormat.Mistral => new("[TOOL_CALLS]", ArrayOf(tools, "name", "arguments"), ""),
        ToolCallFormat.Granite => new("<|tool_call|>", ArrayOf(tools, "name", "arguments"), ""),
        ToolCallFormat.Phi4 => new("functools", ArrayOf(tools, "name", "arguments"), ""),
        ToolCallFormat.CommandR => new("<|START_ACTION|>", ArrayOf(tools, "tool_name", "parameters"), "<|END_ACTION|>"),
        ToolCallFormat.DeepSeek => new(
            $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>{Only(model, tools)}\n```json\n",
            Arguments(tools[0], "").ToJsonString(),
            "\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        ToolCallFormat.Harmony => new(
            $"<|channel|>commentary to=functions.{Only(model, tools)} <|constrain|>json<|message|>",
            Arguments(tools[0], "").ToJsonString(),
            "<|call|>"),
        _ => throw LlmosException.Refused(
            $"The model '{model}' writes calls of functions as {format}, which cannot be held to a schema: let it choose for itself with the tool choice Auto, or use another model."),
    };

    // Its name comes before anything that a schema could choose by.
    private static string Only(string model, IReadOnlyList<ToolDeclaration> tools) => tools.Count == 1
        ? tools[0].Name
        : throw LlmosException.Refused(
            $"The model '{model}' names the function before its arguments, so that it can be held to one function and not to any of {tools.Count}: require one by its name.");

    private static string OneOf(IReadOnlyList<ToolDeclaration> tools, string nameKey, string argumentsKey) =>
        Choice(tools, nameKey, argumentsKey, "#").ToJsonString();

    private static string ArrayOf(IReadOnlyList<ToolDeclaration> tools, string nameKey, string argumentsKey) => new JsonObject
    {
        ["type"] = "array",
        ["items"] = Choice(tools, nameKey, argumentsKey, "#/items"),
        ["minItems"] = 1,
        ["maxItems"] = 1,
    }.ToJsonString();

    private static JsonObject Choice(IReadOnlyList<ToolDeclaration> tools, string nameKey, string argumentsKey, string place)
    {
        var calls = new JsonArray();
        foreach (var tool in tools)
        {
            calls.Add(new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    [nameKey] = new JsonObject { ["const"] = tool.Name },
                    [argumentsKey] = Arguments(tool, $"{place}/anyOf/{calls.Count}/properties/{argumentsKey}"),
                },
                ["required"] = new JsonArray(nameKey, argumentsKey),
                ["additionalProperties"] = false,
            });
        }

        return new JsonObject { ["anyOf"] = calls };
    }

    /// <param name="tool">The function.</param>
    /// <param name="place">Where the schema of its arguments comes to lie, so that its references still lead there.</param>
    private static JsonObject Arguments(ToolDeclaration tool, string place)
    {
        var schema = tool.Parameters.Length == 0 ? new JsonObject { ["type"] = "object" } : JsonNode.Parse(tool.Parameters)!.AsObject();
        if (schema["properties"] is null or JsonObject { Count: 0 } && !schema.ContainsKey("$ref") && !schema.ContainsKey("additionalProperties"))
        {
            // A function without parameters gets none, rather than any.
            schema["additionalProperties"] = false;
        }

        Move(schema, place);
        return schema;
    }

    private static void Move(JsonNode? node, string place)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    Move(item, place);
                }

                break;

            case JsonObject schema:
                if (place.Length > 0 && schema["$ref"] is JsonValue value && value.TryGetValue<string>(out var reference) && reference.StartsWith('#'))
                {
                    schema["$ref"] = place + reference[1..];
                }

                foreach (var (_, member) in schema)
                {
                    Move(member, place);
                }

                break;

            default:
                break;
        }
    }
}
