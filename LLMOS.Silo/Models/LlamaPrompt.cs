using LLMOS.Cognition.Inference;
using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>A request as its model's chat template renders it.</summary>
/// <param name="Rendered">The prompt as the template wrote it, to read the answer by.</param>
/// <param name="Tokens">Its tokens, and those that a required call of a function begins with.</param>
/// <param name="Call">How the answer is held to a call; null when it is not.</param>
internal sealed record LlamaPrompt(RenderedPrompt Rendered, int[] Tokens, ForcedToolCall? Call)
{
    /// <summary>The characters that the request gives the template.</summary>
    public static int LengthOf(InferenceRequest request) =>
        request.Messages.Sum(message => message.Text.Length + message.ToolCalls.Sum(call => call.Arguments.Length))
        + request.Tools.Sum(tool => tool.Description.Length + tool.Parameters.Length);

    /// <exception cref="LlamaException">The template refuses the chat, or has no place for functions.</exception>
    /// <exception cref="LlmosException">The model cannot be held to a call.</exception>
    public static LlamaPrompt Of(LlamaModel model, InferenceRequest request)
    {
        if (request.IsRaw)
        {
            var plain = new RenderedPrompt([.. request.Messages.Where(message => message.Text.Length > 0).Select(message => new PromptSegment(message.Text, IsData: true))]);
            return new LlamaPrompt(plain, model.Tokenize(plain), Call: null);
        }

        var turns = request.Messages.Select(Turn).ToArray();
        var rendered = model.ApplyChatTemplate(turns, new ChatTemplateOptions
        {
            Tools = HasTools(request) ? [.. request.Tools.Select(Tool)] : [],
        });
        if (HasTools(request) && model.ToolCallFormat == ToolCallFormat.Bare && IsFree(request) && request.Messages[^1] is { Role: PromptRole.User } asked)
        {
            return new LlamaPrompt(rendered, model.Tokenize(rendered), ForcedToolCall.Of([.. Allowed(request).Select(Tool)], asked.Text));
        }

        if (request.ToolChoice != ToolChoice.Required)
        {
            return new LlamaPrompt(rendered, model.Tokenize(rendered), Call: null);
        }

        var call = ForcedToolCall.For(model.Name, model.ToolCallFormat, [.. Allowed(request)]);
        if (rendered.Text.AsSpan().TrimEnd().EndsWith("<think>"))
        {
            call = call with { Opening = $"\n</think>\n\n{call.Opening}" };
        }

        if (call.Opening.Length == 0)
        {
            return new LlamaPrompt(rendered, model.Tokenize(rendered), call);
        }

        var begun = new RenderedPrompt([.. rendered.Segments, new PromptSegment(call.Opening, false)]);
        return new LlamaPrompt(rendered, model.Tokenize(begun), call);
    }

    /// <summary>Whether the model is told of functions and its answer read for calls.</summary>
    public static bool HasTools(InferenceRequest request) => !request.Tools.IsEmpty && request.ToolChoice != ToolChoice.None;

    private static IEnumerable<ToolDeclaration> Allowed(InferenceRequest request) =>
        request.Tools.Where(tool => request.RequiredTool.Length == 0 || tool.Name == request.RequiredTool);

    /// <summary>Whether nothing else says what the answer has to look like.</summary>
    private static bool IsFree(InferenceRequest request) => request.Sampling is { Grammar.Length: 0, JsonSchema.Length: 0 };

    private static ChatTurn Turn(PromptMessage message) => new(Role(message.Role), message.Text)
    {
        ToolCalls = [.. message.ToolCalls.Select(call => new ChatToolCall(call.Id, call.Name, call.Arguments))],
        ToolCallId = message.ToolCallId.Length > 0 ? message.ToolCallId : null,
    };

    private static ChatTool Tool(ToolDeclaration tool) =>
        new(tool.Name, tool.Description, tool.Parameters.Length > 0 ? tool.Parameters : """{"type":"object","properties":{}}""");

    private static string Role(PromptRole role) => role switch
    {
        PromptRole.System => "system",
        PromptRole.User => "user",
        PromptRole.Assistant => "assistant",
        _ => "tool",
    };
}
