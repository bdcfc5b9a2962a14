using System.Text.Json;
using LLMOS.Inference.Templates.Values;

namespace LLMOS.Inference.Templates;

/// <summary>A chat as the variables that templates are written for: those of transformers' <c>apply_chat_template</c>.</summary>
internal static class ChatVariables
{
    public static IEnumerable<KeyValuePair<string, Value>> Of(
        IReadOnlyList<ChatTurn> turns,
        ChatTemplateOptions options,
        TemplateCapabilities capabilities,
        string beginText,
        string endText)
    {
        foreach (var (name, value) in options.Variables)
            yield return new(name, JsonData.Of(value));
        yield return new("messages", Messages(turns, capabilities));
        yield return new("tools", options.Tools.Count == 0 ? NoneValue.Instance : new ListValue([.. options.Tools.Select(Tool)]));
        if (!options.Variables.ContainsKey("documents"))
            yield return new("documents", NoneValue.Instance);
        yield return new("add_generation_prompt", BooleanValue.Of(options.AddGenerationPrompt));
        yield return new("bos_token", TextValue.OfTemplate(beginText));
        yield return new("eos_token", TextValue.OfTemplate(endText));
        if (options.EnableThinking is { } thinking)
            yield return new("enable_thinking", BooleanValue.Of(thinking));
        if (options.ReasoningEffort is { } effort)
            yield return new("reasoning_effort", JsonData.Text(effort));
    }

    private static ListValue Messages(IReadOnlyList<ChatTurn> turns, TemplateCapabilities capabilities)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var messages = new List<Value>(turns.Count);
        foreach (var turn in ChatAdaptation.Adapt(turns, capabilities))
        {
            foreach (var call in turn.ToolCalls)
                names[call.Id] = call.Name;
            messages.Add(Message(turn, names, capabilities));
        }
        return new ListValue(messages);
    }

    private static MapValue Message(ChatTurn turn, Dictionary<string, string> names, TemplateCapabilities capabilities)
    {
        var message = new MapValue();
        message.Set("role", JsonData.Text(turn.Role));
        var hasCalls = turn.ToolCalls.Count > 0;
        if (!(hasCalls && turn.Reasoning is not null && capabilities.ThinkingField))
            message.Set("content", Content(turn, capabilities));
        if (turn.Reasoning is not null)
        {
            message.Set("reasoning_content", JsonData.Text(turn.Reasoning));
            if (capabilities.ThinkingField)
                message.Set("thinking", JsonData.Text(turn.Reasoning));
        }
        if (hasCalls)
            message.Set("tool_calls", new ListValue([.. turn.ToolCalls.Select(call => Call(call, capabilities))]));
        if (turn.ToolCallId is not null)
            message.Set("tool_call_id", JsonData.Text(turn.ToolCallId));
        if ((turn.Name ?? names.GetValueOrDefault(turn.ToolCallId ?? "")) is { } name)
            message.Set("name", JsonData.Text(name));
        return message;
    }

    private static Value Content(ChatTurn turn, TemplateCapabilities capabilities)
    {
        if (turn.Content.Length == 0 && turn.ToolCalls.Count > 0 && capabilities.NullContent)
            return NoneValue.Instance;
        var text = JsonData.Text(turn.Content);
        if (!capabilities.ContentParts)
            return text;
        var part = new MapValue();
        part.Set("type", TextValue.OfTemplate("text"));
        part.Set("text", text);
        return new ListValue([part]);
    }

    private static MapValue Call(ChatToolCall call, TemplateCapabilities capabilities)
    {
        var function = new MapValue();
        function.Set("name", JsonData.Text(call.Name));
        function.Set("arguments", capabilities.TextArguments ? JsonData.Text(call.Arguments) : Arguments(call));
        return Function(function, call.Id);
    }

    private static Value Arguments(ChatToolCall call)
    {
        try
        {
            using var document = JsonDocument.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments);
            return JsonData.Of(document.RootElement);
        }
        catch (JsonException)
        {
            // A model may have written what is no JSON; the chat goes on with its words.
            return JsonData.Text(call.Arguments);
        }
    }

    private static MapValue Tool(ChatTool tool)
    {
        var function = new MapValue();
        function.Set("name", JsonData.Text(tool.Name));
        function.Set("description", JsonData.Text(tool.Description));
        try
        {
            using var document = JsonDocument.Parse(tool.Parameters);
            function.Set("parameters", JsonData.Of(document.RootElement));
        }
        catch (JsonException exception)
        {
            throw new LlamaException(LlamaError.InvalidRequest, $"The parameters of the tool '{tool.Name}' are no JSON schema: {exception.Message.TrimEnd('.')}.", exception);
        }
        return Function(function, id: null);
    }

    private static MapValue Function(MapValue function, string? id)
    {
        var map = new MapValue();
        map.Set("type", TextValue.OfTemplate("function"));
        map.Set("function", function);
        if (id is not null)
            map.Set("id", JsonData.Text(id));
        return map;
    }
}
