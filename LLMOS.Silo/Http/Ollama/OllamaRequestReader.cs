using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LLMOS.Silo.Http.OpenAi;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.Ollama;

/// <summary>Reads bodies of <c>/api/chat</c> and <c>/api/generate</c>.</summary>
internal static class OllamaRequestReader
{
    /// <exception cref="OpenAiException">A field is missing, wrong or not supported.</exception>
    public static OllamaRequest Chat(JsonElement body)
    {
        var fields = Open(body);
        var model = fields.NeededText("model");
        var stream = fields.Flag("stream") ?? true;
        var (system, messages) = Messages(fields);
        if (messages.IsEmpty)
        {
            return new OllamaRequest(null, model, stream);
        }

        if (messages[^1].Role == ChatRole.Assistant)
        {
            throw OpenAiException.Wrong("messages", "There is nothing to answer: 'messages' must end with a message of the user or of a tool.");
        }

        var options = Options(fields);
        Tools(fields, options);
        return new OllamaRequest(new ChatRequest { Model = model, System = system, Messages = messages, Options = options }, model, stream);
    }

    /// <exception cref="OpenAiException">A field is missing, wrong or not supported.</exception>
    public static OllamaRequest Generate(JsonElement body)
    {
        var fields = Open(body);
        var model = fields.NeededText("model");
        var stream = fields.Flag("stream") ?? true;
        foreach (var name in (string[])["suffix", "images", "template", "context"])
        {
            if (fields.Get(name) is { } value && !IsEmpty(value))
            {
                throw OpenAiException.NotSupported(name, name switch
                {
                    "images" => "prompts are text",
                    "context" => "tokens of an earlier answer are not taken back; use /api/chat",
                    _ => "the model's own template is used, and texts are gone on with",
                });
            }
        }

        var prompt = fields.Text("prompt") ?? "";
        if (prompt.Length == 0)
        {
            return new OllamaRequest(null, model, stream);
        }

        var isRaw = fields.Flag("raw") ?? false;
        var options = Options(fields);
        options.AdditionalProperties!["raw_prompt"] = isRaw;
        return new OllamaRequest(
            new ChatRequest { Model = model, System = isRaw ? "" : fields.Text("system") ?? "", Messages = [new ChatMessage(ChatRole.User, prompt)], Options = options, IsRaw = isRaw }, model, stream);
    }

    /// <summary>Fields that nobody knows are passed over, as Ollama does: its clients send more than it reads.</summary>
    private static JsonFields Open(JsonElement body)
    {
        var fields = new JsonFields(body, "");
        return fields.Get("think") is { } think && think.ValueKind != JsonValueKind.False
            ? throw OpenAiException.NotSupported("think", "thoughts are not told apart from answers; leave it out")
            : fields;
    }

    private static bool IsEmpty(JsonElement value) =>
        (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0) || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0);

    private static ChatOptions Options(JsonFields fields)
    {
        var options = OllamaOptions.Read(fields.Object("options"));
        options.ResponseFormat = fields.Get("format") switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text when text.GetString() is "" => null,
            { ValueKind: JsonValueKind.String } text when text.GetString() is "json" => ChatResponseFormat.Json,
            { ValueKind: JsonValueKind.Object } schema => ChatResponseFormat.ForJsonSchema(schema, "answer"),
            { } other => throw fields.Wrong("format", other, "json or a JSON schema"),
        };
        return options;
    }

    private static void Tools(JsonFields fields, ChatOptions options)
    {
        if (fields.List("tools") is { } tools)
        {
            options.Tools = [.. tools.Select(tool => ToolFields.Declaration(new JsonFields(tool.Item, tool.Path).NeededObject("function")))];
        }
    }

    private static (string System, ImmutableArray<ChatMessage> Messages) Messages(JsonFields fields)
    {
        var system = new StringBuilder();
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();

        // Calls have no ids here: results come in the order of the calls, or name the function.
        var open = new List<(string Id, string Name)>();
        foreach (var (item, path) in fields.List("messages") ?? [])
        {
            var message = new JsonFields(item, path);
            if (message.Get("images") is { } images && !IsEmpty(images))
            {
                throw OpenAiException.NotSupported($"{path}.images", "messages are text");
            }

            var text = message.Text("content") ?? "";
            switch (message.NeededText("role"))
            {
                case "system":
                    system.Append(system.Length > 0 ? "\n\n" : "").Append(text);
                    break;
                case "user":
                    messages.Add(new ChatMessage(ChatRole.User, text));
                    break;
                case "assistant":
                    messages.Add(Assistant(message, text, messages.Count, open));
                    break;
                case "tool":
                    messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(Take(open, message.Text("tool_name"), path), text)]));
                    break;
                case var other:
                    throw OpenAiException.Wrong($"{path}.role", $"'{path}.role' is '{other}': use system, user, assistant or tool.");
            }
        }

        return (system.ToString(), messages.ToImmutable());
    }

    private static ChatMessage Assistant(JsonFields message, string text, int place, List<(string Id, string Name)> open)
    {
        open.Clear();
        var contents = new List<AIContent>();
        if (text.Length > 0)
        {
            contents.Add(new TextContent(text));
        }

        foreach (var (item, path) in message.List("tool_calls") ?? [])
        {
            var function = new JsonFields(item, path).NeededObject("function");
            var (id, name) = ($"call_{place}_{open.Count}", function.NeededText("name"));
            open.Add((id, name));
            contents.Add(new FunctionCallContent(id, name, function.Object("arguments") is { } arguments
                ? arguments.Json.EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value) : []));
        }

        return contents.Count > 0
            ? new ChatMessage(ChatRole.Assistant, contents)
            : throw OpenAiException.Wrong(message.NameOf("content"), $"'{message.NameOf("content")}' is missing, and there are no 'tool_calls'.");
    }

    private static string Take(List<(string Id, string Name)> open, string? name, string path)
    {
        var place = name is null ? 0 : open.FindIndex(call => call.Name == name);
        if (place < 0 || open.Count == 0)
        {
            throw OpenAiException.Wrong(path, $"'{path}' is the result of a call that no message before it made.");
        }

        var id = open[place].Id;
        open.RemoveAt(place);
        return id;
    }
}
