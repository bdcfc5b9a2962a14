using System.ClientModel;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace LLMOS.Silo.Models;

/// <summary>Says in a sentence what went wrong between this silo and a model's server.</summary>
internal sealed class RemoteErrors(string model, RemoteModelOptions options)
{
    private string Server => $"The server {options.Endpoint.Authority} of the model '{model}'";

    public LlmosException Translate(Exception exception)
    {
        var cause = Unwrap(exception);
        return cause switch
        {
            LlmosException already => already,
            ClientResultException { Status: > 0 } answered => OfStatus(answered),
            OperationCanceledException or TimeoutException => new(LlmosErrorCode.Unavailable, $"{Server} was silent for {options.Timeout.TotalSeconds:0.###} s: try again, or raise Models:Remote:{model}:Timeout.", exception),
            _ when BrokeOff(cause) => new(LlmosErrorCode.Unavailable, $"{Server} broke off its answer: try again.", exception),
            _ when FindSocketError(cause) is { } socket => new(LlmosErrorCode.Unavailable, $"{Server} cannot be reached at {options.Endpoint} ({Describe(socket)}): start it, or correct Models:Remote:{model}:Endpoint.", exception),
            HttpRequestException request => new(LlmosErrorCode.Unavailable, $"{Server} cannot be reached at {options.Endpoint} ({request.Message.TrimEnd('.')}): correct Models:Remote:{model}:Endpoint.", exception),
            JsonException or FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException => new(LlmosErrorCode.Unavailable, $"{Server} answered with something that is no chat completion: check that {options.Endpoint} is the base address of an OpenAI-compatible interface.", exception),
            _ => new(LlmosErrorCode.Unavailable, $"{Server} failed: {cause.Message.TrimEnd('.')}.", exception),
        };
    }

    private LlmosException OfStatus(ClientResultException answered)
    {
        var status = answered.Status;
        var (code, text) = (HttpStatusCode)status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (LlmosErrorCode.PermissionDenied, options.ApiKeyVariable.Length > 0
                ? $"refused the key ({status}): check the environment variable {options.ApiKeyVariable}."
                : $"wants a key ({status}): name the environment variable that has it in Models:Remote:{model}:ApiKeyVariable."),
            HttpStatusCode.NotFound => (LlmosErrorCode.NotFound, $"has no model '{options.Model}' at {options.Endpoint} (404): correct Models:Remote:{model}:Model or its Endpoint."),
            HttpStatusCode.TooManyRequests => (LlmosErrorCode.ResourceExhausted, $"has no capacity or quota left for now (429){RetryAfter(answered)}."),
            HttpStatusCode.RequestTimeout => (LlmosErrorCode.Unavailable, "timed out (408): try again."),
            _ when status >= 500 => (LlmosErrorCode.Unavailable, $"failed with status {status}{ServerMessage(answered)}: try again later."),
            _ => (LlmosErrorCode.InvalidArgument, $"refused the request with status {status}{ServerMessage(answered)}."),
        };
        return new LlmosException(code, $"{Server} {text}", answered);
    }

    private static string RetryAfter(ClientResultException answered) =>
        answered.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var value) == true && int.TryParse(value, out var seconds)
            ? $": try again in {seconds} s"
            : ": try again later";

    private static string ServerMessage(ClientResultException answered)
    {
        try
        {
            var body = answered.GetRawResponse()?.Content;
            using var document = body is null ? null : JsonDocument.Parse(body);
            return document?.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("message", out var message)
                && message.GetString() is { Length: > 0 } text
                ? $" (\"{(text.Length > 200 ? text[..200] + "…" : text).ReplaceLineEndings(" ").TrimEnd('.')}\")"
                : "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static bool BrokeOff(Exception cause) =>
        cause is IOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
        || FindSocketError(cause)?.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown;

    // The client library gathers the failures of its retries; the last one says what is still wrong.
    private static Exception Unwrap(Exception exception)
    {
        while (exception is AggregateException { InnerExceptions: [.., var last] })
        {
            exception = last;
        }

        return exception is ClientResultException { Status: 0, InnerException: { } inner } ? inner : exception;
    }

    private static SocketException? FindSocketError(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is SocketException socket)
            {
                return socket;
            }
        }

        return null;
    }

    private static string Describe(SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no such host",
        SocketError.NetworkUnreachable or SocketError.HostUnreachable => "no route to it",
        SocketError.TimedOut => "no answer",
        var other => other.ToString(),
    };
}
