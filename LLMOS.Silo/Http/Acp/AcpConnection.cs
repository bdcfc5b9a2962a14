using System.Buffers;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Silo.Http.Acp;

/// <summary>One WebSocket: takes messages apart into calls, answers each, and sends what a session has to tell.</summary>
internal sealed class AcpConnection(WebSocket socket, AcpSession session) : IAsyncDisposable
{
    /// <summary>Bytes of a message.</summary>
    private const int MaxMessage = 1024 * 1024;

    // Calls that wait may be many; those of one client at once are not.
    private const int MaxCalls = 64;

    private readonly SemaphoreSlim _sending = new(1);
    private readonly SemaphoreSlim _calls = new(MaxCalls);
    private readonly CancellationTokenSource _over = new();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        var stop = linked.Token;
        session.Notify = (method, body) => SendAsync(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = method, ["params"] = body }, stop);
        while (await ReceiveAsync(stop) is { } message)
        {
            if (Parse(message) is not { } json)
            {
                await SendAsync(Error(null, new AcpException(AcpException.ParseError, "The message is no JSON.")), stop);
                continue;
            }

            await _calls.WaitAsync(stop);
            var answering = AnswerAllAsync(json, stop);
            if (!session.IsInitialized)
            {
                // What a client sends behind its first call counts on that.
                await answering;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await session.DisposeAsync();
        for (var i = 0; i < MaxCalls; i++)
        {
            await _calls.WaitAsync();
        }

        _calls.Dispose();
        _sending.Dispose();
        _over.Dispose();
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> message)
    {
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

    /// <summary>Answers a call, or the calls of a list.</summary>
    private async Task AnswerAllAsync(JsonElement message, CancellationToken cancellationToken)
    {
        try
        {
            if (message.ValueKind != JsonValueKind.Array || message.GetArrayLength() == 0)
            {
                await SendIfAsync(await AnswerAsync(message, cancellationToken), cancellationToken);
                return;
            }

            var answers = new JsonArray();
            foreach (var call in message.EnumerateArray())
            {
                if (await AnswerAsync(call, cancellationToken) is { } answer)
                {
                    answers.Add((JsonNode)answer);
                }
            }

            await SendIfAsync(answers.Count > 0 ? answers : null, cancellationToken);
        }
        catch (Exception away) when (away is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            // Nobody is there to be answered.
        }
        finally
        {
            _calls.Release();
        }
    }

    /// <returns>Null for a notification, which has no answer.</returns>
    private async Task<JsonObject?> AnswerAsync(JsonElement call, CancellationToken cancellationToken)
    {
        if (call.ValueKind != JsonValueKind.Object
            || !call.TryGetProperty("jsonrpc", out var version) || version.ValueKind != JsonValueKind.String || version.GetString() != "2.0"
            || !call.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String
            || (call.TryGetProperty("id", out var id) && id.ValueKind is not (JsonValueKind.String or JsonValueKind.Number or JsonValueKind.Null)))
        {
            return Error(null, new AcpException(AcpException.InvalidRequest, "The message is no call of JSON-RPC 2.0: send one such as {\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"process/list\"}."));
        }

        var isNotification = id.ValueKind == JsonValueKind.Undefined;
        try
        {
            var parameters = call.TryGetProperty("params", out var given) ? given : default;
            var result = parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object
                ? await session.CallAsync(method.GetString()!, parameters, cancellationToken)
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

    private static JsonObject Error(JsonElement? id, AcpException error)
    {
        var body = new JsonObject { ["code"] = error.Code, ["message"] = error.Message };
        if (error.Kind is { } kind)
        {
            body["data"] = new JsonObject { ["error"] = kind };
        }

        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id is { } known ? JsonNode.Parse(known.GetRawText()) : null, ["error"] = body };
    }

    private Task SendIfAsync(JsonNode? answer, CancellationToken cancellationToken) => answer is null ? Task.CompletedTask : SendAsync(answer, cancellationToken);

    private async Task SendAsync(JsonNode message, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ToJsonString());
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <returns>The next message; null when the connection is over.</returns>
    private async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(4_096);
        while (true)
        {
            var part = await socket.ReceiveAsync(message.GetMemory(4_096), cancellationToken);
            switch (part.MessageType)
            {
                case WebSocketMessageType.Close:
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellationToken);
                    return null;
                case WebSocketMessageType.Binary:
                    await socket.CloseOutputAsync(WebSocketCloseStatus.InvalidMessageType, "Messages are text.", cancellationToken);
                    return null;
                default:
                    message.Advance(part.Count);
                    break;
            }

            if (message.WrittenCount > MaxMessage)
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.MessageTooBig, string.Create(CultureInfo.InvariantCulture, $"A message has at most {MaxMessage} bytes."), cancellationToken);
                return null;
            }

            if (part.EndOfMessage)
            {
                return message.WrittenMemory;
            }
        }
    }
}
