using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LLMOS.Silo.Http.OpenAi;

namespace LLMOS.Silo.Http;

/// <summary>What every endpoint does with bodies and errors, whatever the envelope that its clients read errors in.</summary>
internal static partial class HttpGuard
{
    /// <summary>Bytes of a request's body.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    // Levels of a body's JSON, as System.Text.Json has them; what becomes of it is written with the same bound.
    private const int DeepestJson = 64;

    // How soon one may ask again who was refused for want of room.
    private const string RetryAfterSeconds = "1";

    /// <summary>Answers a request, and its errors as sentences.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">What answers it.</param>
    /// <param name="envelope">An error as its clients read it.</param>
    public static async Task RunAsync(HttpContext context, Func<Task> answer, Func<OpenAiException, JsonObject> envelope)
    {
        try
        {
            await answer();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is not OutOfMemoryException)
        {
            var error = Describe(context, exception);
            context.Response.StatusCode = error.Status;
            if (error.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = RetryAfterSeconds;
            }

            await WriteAsync(context, envelope(error));
        }
    }

    /// <summary>The error that a client is told of for an exception; a defect is logged and not told.</summary>
    public static OpenAiException Describe(HttpContext context, Exception exception) => exception switch
    {
        OpenAiException known => known,
        LlmosException error => OpenAiException.Of(error),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new OpenAiException(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody} bytes: send less.", code: "request_too_large"),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new OpenAiException(StatusCodes.Status408RequestTimeout, "The body came too slowly, and was not waited for: send it without pauses.", code: "request_timeout"),
        BadHttpRequestException bad => new OpenAiException(bad.StatusCode, "The request was broken off, or is no HTTP."),
        OrleansException or TimeoutException => new OpenAiException(StatusCodes.Status503ServiceUnavailable, "The system did not answer, and may be starting or stopping: ask again.", code: "unavailable"),
        _ => Defect(context, exception),
    };

    /// <summary>The body as JSON.</summary>
    /// <exception cref="OpenAiException">It is none.</exception>
    public static async Task<JsonElement> BodyAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = DeepestJson }, context.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            throw new OpenAiException(
                StatusCodes.Status400BadRequest,
                string.Create(CultureInfo.InvariantCulture, $"The body is no JSON, or nested deeper than {DeepestJson}: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}."),
                code: "invalid_json");
        }
    }

    public static Task WriteAsync(HttpContext context, JsonNode body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private static OpenAiException Defect(HttpContext context, Exception exception)
    {
        LogDefect(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(HttpGuard)), exception, context.Request.Path);
        return new OpenAiException(StatusCodes.Status500InternalServerError, "The server failed at this request: its log says why.", code: "internal_error");
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for {Path} failed.")]
    private static partial void LogDefect(ILogger logger, Exception exception, PathString path);
}
