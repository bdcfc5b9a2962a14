using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace LLMOS.Silo.Http.Acp;

/// <summary>A message of JSON-RPC 2.0: what it asks for, and the answer to that. It is the same over a WebSocket and over a socket of the machine.</summary>
internal static class AcpMessage
{
    /// <summary>Makes the call of a message, or the calls of a list one after the other.</summary>
    /// <param name="message">The message, in UTF-8.</param>
    /// <param name="example">A method that there is, for who sends no call.</param>
    /// <param name="call">Makes a call: the method, its parameters (an object, or undefined) and what stops it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The answer; null where the message wants none.</returns>
    public static async Task<JsonNode?> AnswerAsync(
        ReadOnlyMemory<byte> message, string example, Func<string, JsonElement, CancellationToken, Task<JsonObject>> call, CancellationToken cancellationToken)
    {
        if (Parse(message) is not { } json)
        {
            return Error(null, new AcpException(AcpException.ParseError, "The message is no JSON."));
        }

        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0)
        {
            return await AnswerAsync(json, example, call, cancellationToken);
        }

        var answers = new JsonArray();
        foreach (var one in json.EnumerateArray())
        {
            if (await AnswerAsync(one, example, call, cancellationToken) is { } answer)
            {
                answers.Add((JsonNode)answer);
            }
        }

        return answers.Count > 0 ? answers : null;
    }

    /// <summary>The answer that says what went wrong.</summary>
    /// <param name="id">The call's; null where it has none that can be told.</param>
    /// <param name="error">What went wrong.</param>
    public static JsonObject Error(JsonElement? id, AcpException error)
    {
        var body = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
        if (error.Kind is { } kind)
        {
            body["data"] = new JsonObject { ["error"] = kind };
        }

        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id is { } known ? JsonNode.Parse(known.GetRawText()) : null, ["error"] = body };
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return null;
        }
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> message)
    {
        if (!Utf8.IsValid(message.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(message);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>Null for a notification, which has no answer.</returns>
    private static async Task<JsonObject?> AnswerAsync(
        JsonElement message, string example, Func<string, JsonElement, CancellationToken, Task<JsonObject>> call, CancellationToken cancellationToken)
    {
        if (message.ValueKind != JsonValueKind.Object
            || !message.TryGetProperty("jsonrpc", out var version) || TextOf(version) != "2.0"
            || !message.TryGetProperty("method", out var name) || TextOf(name) is not { } method
            || (message.TryGetProperty("id", out var id) && id.ValueKind is not (JsonValueKind.Number or JsonValueKind.Null) && TextOf(id) is null))
        {
            return Error(null, new AcpException(AcpException.InvalidRequest, $$"""The message is no call of JSON-RPC 2.0: send one such as {"jsonrpc":"2.0","id":1,"method":"{{example}}"}."""));
        }

        var isNotification = id.ValueKind == JsonValueKind.Undefined;
        try
        {
            var parameters = message.TryGetProperty("params", out var given) ? given : default;
            var result = parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object
                ? await call(method, parameters, cancellationToken)
                : throw new AcpException(AcpException.InvalidParams, "'params' must be an object: parameters go by name here.");
            return isNotification ? null : new JsonObject { ["jsonrpc"] = "2.0", ["id"] = JsonNode.Parse(id.GetRawText()), ["result"] = result };
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not OutOfMemoryException)
        {
            var error = exception as AcpException ?? exception switch
            {
                LlmosException known => AcpException.Of(known),
                ApiKeyException refusal => new AcpException(
                    AcpException.Refused,
                    refusal.Message,
                    (refusal.Status == StatusCodes.Status429TooManyRequests ? LlmosErrorCode.ResourceExhausted : LlmosErrorCode.PermissionDenied).ToString()),
                OrleansException or TimeoutException => new AcpException(AcpException.Refused, "The system did not answer, and may be starting or stopping: ask again.", nameof(LlmosErrorCode.Unavailable)),
                _ => new AcpException(AcpException.InternalError, "The server failed at this call."),
            };
            return isNotification ? null : Error(id, error);
        }
    }
}
