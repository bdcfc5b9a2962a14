using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Reads the messages of a chat.</summary>
internal static class ChatMessageReader
{
    /// <returns>What the system says, and all other messages.</returns>
    /// <exception cref="OpenAiException">A message is wrong, or they do not end with one to answer.</exception>
    public static (string System, ImmutableArray<ChatMessage> Messages) Read(JsonFields fields)
    {
        var system = new StringBuilder();
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        foreach (var (item, path) in fields.List("messages") ?? throw new OpenAiException(StatusCodes.Status400BadRequest, "'messages' is missing.", "messages", "missing_required_parameter"))
        {
            var message = new JsonFields(item, path);
            switch (message.NeededText("role"))
            {
                case "system" or "developer":
                    system.Append(system.Length > 0 ? "\n\n" : "").Append(Content(message, isNeeded: true));
                    break;
                case "user":
                    messages.Add(new ChatMessage(ChatRole.User, Content(message, isNeeded: true)));
                    break;
                case "assistant":
                    messages.Add(Assistant(message));
                    break;
                case "tool":
                    messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.NeededText("tool_call_id"), Content(message, isNeeded: true))]));
                    break;
                case var other:
                    throw OpenAiException.Wrong($"{path}.role", $"'{path}.role' is '{other}': use system, developer, user, assistant or tool.");
            }
        }

        return messages.Count > 0 && messages[^1].Role != ChatRole.Assistant
            ? (system.ToString(), messages.ToImmutable())
            : throw OpenAiException.Wrong("messages", "There is nothing to answer: 'messages' must end with a message of the user or of a tool.");
    }

    private static ChatMessage Assistant(JsonFields message)
    {
        var contents = new List<AIContent>();
        var text = Content(message, isNeeded: false);
        if (text.Length > 0)
        {
            contents.Add(new TextContent(text));
        }

        foreach (var (item, path) in message.List("tool_calls") ?? [])
        {
            var call = new JsonFields(item, path);
            var function = call.NeededObject("function");
            contents.Add(new FunctionCallContent(call.NeededText("id"), function.NeededText("name"), ToolFields.Arguments(function)));
        }

        return contents.Count > 0
            ? new ChatMessage(ChatRole.Assistant, contents)
            : throw OpenAiException.Wrong(message.NameOf("content"), $"'{message.NameOf("content")}' is missing, and there are no 'tool_calls'.");
    }

    private static string Content(JsonFields message, bool isNeeded)
    {
        switch (message.Get("content"))
        {
            case null when !isNeeded:
                return "";
            case null:
                throw new OpenAiException(StatusCodes.Status400BadRequest, $"'{message.NameOf("content")}' is missing.", message.NameOf("content"), "missing_required_parameter");
            case { ValueKind: JsonValueKind.String } text:
                return text.GetString()!;
            default:
                var parts = new List<string>();
                foreach (var (item, path) in message.List("content")!)
                {
                    var part = new JsonFields(item, path);
                    parts.Add(part.NeededText("type") switch
                    {
                        "text" => part.Text("text") ?? "",
                        "refusal" => part.Text("refusal") ?? "",
                        var other => throw OpenAiException.NotSupported($"{path}.type", $"messages are text, and this is '{other}'"),
                    });
                }

                return string.Join('\n', parts);
        }
    }
}
