using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Cognition.Inference;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>Chat completions and their pieces, as JSON.</summary>
internal static class ChatJson
{
    /// <summary>Where an update has its likelihoods.</summary>
    public const string LogProbabilities = "logprobs";

    /// <summary>A whole answer, or a piece of one, without its choices.</summary>
    public static JsonObject Envelope(string id, string kind, DateTimeOffset at, string model) => new()
    {
        ["id"] = id,
        ["object"] = kind,
        ["created"] = at.ToUnixTimeSeconds(),
        ["model"] = model,
    };

    public static JsonObject Choice(int index, JsonObject message, string? finish, JsonNode? likelihoods, bool isPiece) => new()
    {
        ["index"] = index,
        [isPiece ? "delta" : "message"] = message,
        ["logprobs"] = likelihoods,
        ["finish_reason"] = finish,
    };

    public static JsonArray Calls(IEnumerable<FunctionCallContent> calls, bool isPiece)
    {
        var list = new JsonArray();
        foreach (var call in calls)
        {
            var json = new JsonObject
            {
                ["id"] = call.CallId,
                ["type"] = "function",
                ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>()) },
            };
            if (isPiece)
            {
                json.Insert(0, "index", list.Count);
            }

            list.Add((JsonNode)json);
        }

        return list;
    }

    public static JsonObject Usage(UsageDetails usage) => new()
    {
        ["prompt_tokens"] = usage.InputTokenCount ?? 0,
        ["completion_tokens"] = usage.OutputTokenCount ?? 0,
        ["total_tokens"] = (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0),
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInputTokenCount ?? 0 },
    };

    /// <summary>The likelihoods that an update carries; null for none.</summary>
    public static JsonObject? Likelihoods(ChatResponseUpdate update)
    {
        if (update.AdditionalProperties?.TryGetValue(LogProbabilities, out var value) != true || value is not ImmutableArray<TokenLikelihood> likelihoods)
        {
            return null;
        }

        var content = new JsonArray();
        foreach (var token in likelihoods)
        {
            var json = Likelihood(token.Text, token.LogProbability);
            json["top_logprobs"] = new JsonArray([.. token.Top.Select(other => Likelihood(other.Text, other.LogProbability))]);
            content.Add((JsonNode)json);
        }

        return new JsonObject { ["content"] = content, ["refusal"] = null };
    }

    public static string Finish(ChatFinishReason? reason) =>
        reason == ChatFinishReason.Length ? "length" : reason == ChatFinishReason.ToolCalls ? "tool_calls" : "stop";

    public static JsonObject Error(OpenAiException error) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = error.Message,
            ["type"] = error.Type,
            ["param"] = error.Parameter,
            ["code"] = error.Code,
        },
    };

    private static JsonObject Likelihood(string text, float logProbability) => new()
    {
        ["token"] = text,
        ["logprob"] = logProbability,
        ["bytes"] = new JsonArray([.. Encoding.UTF8.GetBytes(text).Select(value => JsonValue.Create((int)value))]),
    };
}
