using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>The endpoints of OpenAI's API: <c>/v1/models</c>, <c>/v1/chat/completions</c> and <c>/v1/embeddings</c>.</summary>
internal static partial class OpenAiEndpoints
{
    /// <summary>Bytes of a request's body.</summary>
    public const int MaxBody = 4 * 1024 * 1024;

    // How soon one may ask again who was refused for want of room.
    private const string RetryAfterSeconds = "1";

    public static void AddOpenAi(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Client.LlmosClient(provider.GetRequiredService<IGrainFactory>()));
        services.AddSingleton<ModelNames>();
        services.AddSingleton<ChatCompletions>();
        services.AddSingleton<EmbeddingsEndpoint>();
    }

    public static void MapOpenAi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        endpoints.MapGet("/v1/models", context => GuardAsync(context, () => ListAsync(context)));
        endpoints.MapGet("/v1/models/{**model}", context => GuardAsync(context, () => ShowAsync(context)));
        endpoints.MapPost("/v1/chat/completions", context => GuardAsync(context, async () =>
            await services.GetRequiredService<ChatCompletions>().AnswerAsync(context, await BodyAsync(context))));
        endpoints.MapPost("/v1/embeddings", context => GuardAsync(context, async () =>
            await services.GetRequiredService<EmbeddingsEndpoint>().AnswerAsync(context, await BodyAsync(context))));
        endpoints.Map("/v1/{**path}", context => GuardAsync(context, () => throw new OpenAiException(
            StatusCodes.Status404NotFound,
            $"There is no {context.Request.Method} {context.Request.Path}: there are GET /v1/models, POST /v1/chat/completions and POST /v1/embeddings.",
            code: "unknown_url")));
    }

    private static async Task ListAsync(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<ModelNames>();
        await WriteAsync(context, new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. models.List().Select(Model)]) });
    }

    private static async Task ShowAsync(HttpContext context)
    {
        var models = context.RequestServices.GetRequiredService<ModelNames>();
        await WriteAsync(context, Model(models.Find((string?)context.Request.RouteValues["model"] ?? "")));
    }

    private static JsonObject Model(string name) => new() { ["id"] = name, ["object"] = "model", ["created"] = 0, ["owned_by"] = "llmos" };

    private static async Task<JsonElement> BodyAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            return document.RootElement.Clone();
        }
        catch (JsonException wrong)
        {
            throw new OpenAiException(
                StatusCodes.Status400BadRequest,
                string.Create(CultureInfo.InvariantCulture, $"The body is no JSON: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}."),
                code: "invalid_json");
        }
    }

    /// <summary>Answers errors in the envelope that OpenAI's clients read.</summary>
    private static async Task GuardAsync(HttpContext context, Func<Task> answer)
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

            await WriteAsync(context, ChatJson.Error(error));
        }
    }

    private static OpenAiException Describe(HttpContext context, Exception exception) => exception switch
    {
        OpenAiException known => known,
        LlmosException error => OpenAiException.Of(error),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new OpenAiException(StatusCodes.Status413PayloadTooLarge, $"The body is larger than {MaxBody} bytes: send less.", code: "request_too_large"),
        BadHttpRequestException bad => new OpenAiException(bad.StatusCode, "The request was broken off, or is no HTTP."),
        OrleansException or TimeoutException => new OpenAiException(StatusCodes.Status503ServiceUnavailable, "The system did not answer, and may be starting or stopping: ask again.", code: "unavailable"),
        _ => Defect(context, exception),
    };

    private static OpenAiException Defect(HttpContext context, Exception exception)
    {
        LogDefect(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenAiEndpoints)), exception, context.Request.Path);
        return new OpenAiException(StatusCodes.Status500InternalServerError, "The server failed at this request: its log says why.", code: "internal_error");
    }

    private static Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for {Path} failed.")]
    private static partial void LogDefect(ILogger logger, Exception exception, PathString path);
}
