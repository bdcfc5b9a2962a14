using System.Text.Json;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Models;

/// <summary>A request in the words of <see cref="IChatClient"/>, as far as those reach; what they have no word for is refused.</summary>
internal static class RemoteRequest
{
    // Each space would be a token of some prompt.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <exception cref="LlmosException">The request has something that the protocol cannot carry.</exception>
    public static ChatOptions Options(string model, InferenceRequest request)
    {
        var sampling = request.Sampling;
        Refuse(model, sampling.Grammar.Length > 0, "that holds no GBNF grammar: use a local model for it");
        Refuse(model, sampling.RepeatPenalty != 1, "that takes no repeat penalty: use the frequency and presence penalties, or a local model");
        Refuse(model, sampling.MinP > 0, "that takes no min-p: use top-p, or a local model");
        Refuse(model, sampling.PenaltyWindow != new SamplingOptions().PenaltyWindow, "that takes no window for penalties: leave it at its default, or use a local model");
        Refuse(model, !sampling.LogitBias.IsEmpty || !sampling.ForbiddenTokens.IsEmpty, "whose tokens are not known here: use a local model for a logit bias and for forbidden tokens");
        Refuse(model, sampling.TopLogProbabilities is not null, "whose log-probabilities do not come through this protocol: use a local model for them");
        Refuse(model, sampling.IgnoreEndOfSequence, "that ends its answers itself: use a local model to go on past the end");
        Refuse(model, !request.Adapters.IsDefaultOrEmpty, "that applies no adapters of this machine: use a local model for them");
        Refuse(model, request.IsRaw, "that takes chats and no prompts as they stand: ask in a chat, or use a local model");
        Refuse(model, request.Reservation is not null, "that sets no tokens aside: use a local model for a reservation");
        return new ChatOptions
        {
            MaxOutputTokens = request.MaxTokens,
            Temperature = sampling.Temperature,
            TopP = sampling.TopP,
            TopK = sampling.TopK > 0 ? sampling.TopK : null,
            Seed = sampling.Seed == 0 ? null : (long)(sampling.Seed & long.MaxValue),
            StopSequences = sampling.Stop.Length > 0 ? sampling.Stop : null,
            FrequencyPenalty = sampling.FrequencyPenalty == 0 ? null : sampling.FrequencyPenalty,
            PresencePenalty = sampling.PresencePenalty == 0 ? null : sampling.PresencePenalty,
            ResponseFormat = sampling.JsonSchema.Length > 0 ? ChatResponseFormat.ForJsonSchema(Parse(sampling.JsonSchema), "answer") : null,
            Tools = request.Tools.IsEmpty ? null : [.. request.Tools.Select(Tool)],
            ToolMode = request.Tools.IsEmpty ? null : request.ToolChoice switch
            {
                ToolChoice.None => ChatToolMode.None,
                ToolChoice.Required when request.RequiredTool.Length > 0 => ChatToolMode.RequireSpecific(request.RequiredTool),
                ToolChoice.Required => ChatToolMode.RequireAny,
                _ => ChatToolMode.Auto,
            },
        };
    }

    public static ChatMessage Message(PromptMessage message) => message.Role switch
    {
        PromptRole.System => new ChatMessage(ChatRole.System, message.Text),
        PromptRole.Assistant when !message.ToolCalls.IsEmpty => new ChatMessage(ChatRole.Assistant, Said(message)),
        PromptRole.Assistant => new ChatMessage(ChatRole.Assistant, message.Text),
        PromptRole.Tool when message.ToolCallId.Length > 0 => new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId, message.Text)]),
        // A tool message of the protocol answers a call by its id; what a process shows as a tool's result has none.
        _ => new ChatMessage(ChatRole.User, message.Text),
    };

    public static ToolCall Call(FunctionCallContent call) =>
        new(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Compact));

    private static List<AIContent> Said(PromptMessage message)
    {
        var contents = new List<AIContent>();
        if (message.Text.Length > 0)
        {
            contents.Add(new TextContent(message.Text));
        }

        contents.AddRange(message.ToolCalls.Select(call => new FunctionCallContent(
            call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.Arguments, AIJsonUtilities.DefaultOptions))));
        return contents;
    }

    private static AIFunctionDeclaration Tool(ToolDeclaration tool) => AIFunctionFactory.CreateDeclaration(
        tool.Name, tool.Description, Parse(tool.Parameters.Length > 0 ? tool.Parameters : """{"type":"object","properties":{}}"""));

    private static JsonElement Parse(string schema)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw LlmosException.InvalidArgument($"The JSON schema is not JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: correct it.");
        }
    }

    private static void Refuse(string model, bool wrong, string why)
    {
        if (wrong)
        {
            throw LlmosException.Refused($"The model '{model}' runs on a server {why}.");
        }
    }
}
