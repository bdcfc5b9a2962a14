using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LLMOS.Silo.Http.OpenAi.Responses;

/// <summary>A response, as JSON.</summary>
internal static class ResponseJson
{
    /// <summary>A response that has begun.</summary>
    public static JsonObject Begun(string id, DateTimeOffset at, ResponseRequest request) => new()
    {
        ["id"] = id,
        ["object"] = "response",
        ["created_at"] = at.ToUnixTimeSeconds(),
        ["status"] = "in_progress",
        ["background"] = false,
        ["error"] = null,
        ["incomplete_details"] = null,
        ["instructions"] = request.Instructions.Length > 0 ? request.Instructions : null,
        ["max_output_tokens"] = request.Options.MaxOutputTokens,
        ["model"] = request.Model,
        ["output"] = new JsonArray(),
        ["parallel_tool_calls"] = true,
        ["previous_response_id"] = request.Previous.Length > 0 ? request.Previous : null,
        ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
        ["store"] = request.Store,
        ["temperature"] = request.Options.Temperature,
        ["text"] = Node(request.Said.Get("text")) ?? new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
        ["tool_choice"] = Node(request.Said.Get("tool_choice")) ?? "auto",
        ["tools"] = Node(request.Said.Get("tools")) ?? new JsonArray(),
        ["top_p"] = request.Options.TopP,
        ["truncation"] = request.Said.Text("truncation") ?? "disabled",
        ["usage"] = null,
        ["user"] = request.User.Length > 0 ? request.User : null,
        ["metadata"] = Node(request.Said.Object("metadata")?.Json) ?? new JsonObject(),
    };

    /// <summary>Makes it one that has ended.</summary>
    public static void End(JsonObject response, ResponseAnswer answer)
    {
        response["status"] = answer.IsCut ? "incomplete" : "completed";
        response["incomplete_details"] = answer.IsCut ? new JsonObject { ["reason"] = "max_output_tokens" } : null;
        response["output"] = answer.Output.DeepClone();
        response["usage"] = Usage(answer.Usage);
    }

    /// <summary>Makes it one that failed.</summary>
    public static void Fail(JsonObject response, OpenAiException error)
    {
        response["status"] = "failed";
        response["error"] = new JsonObject { ["code"] = error.Code ?? "server_error", ["message"] = error.Message };
    }

    private static JsonObject Usage(UsageDetails usage) => new()
    {
        ["input_tokens"] = usage.InputTokenCount ?? 0,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInputTokenCount ?? 0 },
        ["output_tokens"] = usage.OutputTokenCount ?? 0,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0),
    };

    private static JsonNode? Node(JsonElement? element) => element is { } json ? JsonNode.Parse(json.GetRawText()) : null;
}
