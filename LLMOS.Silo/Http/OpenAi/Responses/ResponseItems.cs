using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary>The items of requests and responses, as messages.</summary>
internal static class ResponseItems
{
    /// <summary>What a request asks, as items with ids.</summary>
    /// <exception cref="OpenAiException">It is neither a text nor a list.</exception>
    public static JsonArray Input(JsonFields fields)
    {
        var input = fields.Get("input") ?? throw new OpenAiException(StatusCodes.Status400BadRequest, "'input' is missing.", "input", "missing_required_parameter");
        if (input.ValueKind == JsonValueKind.String)
        {
            return new JsonArray(new JsonObject
            {
                ["id"] = NewId("msg"),
                ["type"] = "message",
                ["role"] = "user",
                ["status"] = "completed",
                ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = input.GetString() }),
            });
        }

        var items = new JsonArray();
        foreach (var (item, path) in fields.List("input")!)
        {
            var own = JsonObject.Create(new JsonFields(item, path).Json)!;
            own["id"] ??= NewId("item");
            items.Add((JsonNode)own);
        }

        return items.Count > 0 ? items : throw OpenAiException.Wrong("input", "There is nothing to answer: 'input' is empty.");
    }

    /// <summary>Items as messages, and what system messages among them say.</summary>
    /// <exception cref="OpenAiException">An item is wrong or of a kind that is not supported.</exception>
    public static (string System, ImmutableArray<ChatMessage> Messages) Messages(JsonArray items, string name)
    {
        var system = new StringBuilder();
        var messages = new List<ChatMessage>();
        using var document = JsonDocument.Parse(items.ToJsonString());
        var place = 0;
        foreach (var element in document.RootElement.EnumerateArray())
        {
            var item = new JsonFields(element.Clone(), $"{name}[{place++}]");
            switch (item.Text("type") ?? "message")
            {
                case "message":
                    Message(item, messages, system);
                    break;
                case "function_call":
                    Call(item, messages);
                    break;
                case "function_call_output":
                    messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(item.NeededText("call_id"), Output(item))]));
                    break;
                case "reasoning":
                    break;
                case var other:
                    throw OpenAiException.NotSupported(item.NameOf("type"), $"inputs are messages, calls of functions and their outputs, and this is '{other}'");
            }
        }

        return (system.ToString(), [.. messages]);
    }

    public static string NewId(string kind) => $"{kind}_{Guid.NewGuid():N}";

    /// <summary>Whether an id is one that <see cref="NewId"/> makes; what is none is looked up nowhere.</summary>
    public static bool IsId(string kind, string id) => id.StartsWith($"{kind}_", StringComparison.Ordinal) && Guid.TryParseExact(id.AsSpan(kind.Length + 1), "N", out _);

    private static void Message(JsonFields item, List<ChatMessage> messages, StringBuilder system)
    {
        var text = Content(item, "content");
        switch (item.NeededText("role"))
        {
            case "system" or "developer":
                system.Append(system.Length > 0 ? "\n\n" : "").Append(text);
                break;
            case "user":
                messages.Add(new ChatMessage(ChatRole.User, text));
                break;
            case "assistant":
                messages.Add(new ChatMessage(ChatRole.Assistant, text));
                break;
            case var other:
                throw OpenAiException.Wrong(item.NameOf("role"), $"'{item.NameOf("role")}' is '{other}': use system, developer, user or assistant.");
        }
    }

    private static void Call(JsonFields item, List<ChatMessage> messages)
    {
        var call = new FunctionCallContent(item.NeededText("call_id"), item.NeededText("name"), ToolFields.Arguments(item));

        // The calls of one answer, and its text, are one message of the assistant.
        if (messages.Count > 0 && messages[^1].Role == ChatRole.Assistant)
        {
            messages[^1].Contents.Add(call);
        }
        else
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, [call]));
        }
    }

    private static string Output(JsonFields item) => item.Get("output") is { ValueKind: JsonValueKind.Array } ? Content(item, "output") : item.Text("output") ?? "";

    private static string Content(JsonFields item, string name)
    {
        if (item.Get(name) is not { } content)
        {
            throw new OpenAiException(StatusCodes.Status400BadRequest, $"'{item.NameOf(name)}' is missing.", item.NameOf(name), "missing_required_parameter");
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return content.GetString()!;
        }

        var parts = new List<string>();
        foreach (var (element, path) in item.List(name)!)
        {
            var part = new JsonFields(element, path);
            parts.Add(part.NeededText("type") switch
            {
                "input_text" or "output_text" or "text" => part.Text("text") ?? "",
                "refusal" => part.Text("refusal") ?? "",
                var other => throw OpenAiException.NotSupported($"{path}.type", $"messages are text, and this is '{other}'"),
            });
        }

        return string.Join('\n', parts);
    }
}
