using System.Text.Json;
using System.Text.RegularExpressions;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>Answers what goes wrong below <c>/vapi</c> with problems, and refuses what pages of other origins have a browser send.</summary>
internal sealed partial class VapiErrors(RequestDelegate next, ILogger<VapiErrors> logger)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            CheckOrigin(context.Request);
            await next(context);
            if (!context.Response.HasStarted && context.Response is { StatusCode: >= StatusCodes.Status400BadRequest, ContentType: null })
            {
                await Unanswered(context).WriteAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be told.
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is not OutOfMemoryException)
        {
            var problem = Describe(context, exception);
            await problem.WriteAsync(context, problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? (exception as VapiException)?.RetryAfter ?? Soon : null);
        }
    }

    /// <summary>From this machine no key is needed, and a browser on it sends what any page asks it to: only pages of this server may have effects.</summary>
    private static void CheckOrigin(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        {
            return;
        }

        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            throw new VapiException(StatusCodes.Status403Forbidden, "cross_origin", $"The request comes from a page of {Shorten(origin)}: pages of other origins may not ask for effects; send it from a program, or from a page of {request.Host.Value}.");
        }
    }

    private static Problem Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problem.Of(404, "unknown_address", $"There is no {context.Request.Method} {Shorten(context.Request.Path.Value ?? "")}: /vapi/v1/openapi.json lists what there is."),
        StatusCodes.Status405MethodNotAllowed => Problem.Of(405, "method_not_allowed", $"{Shorten(context.Request.Path.Value ?? "")} takes {context.Response.Headers.Allow}, not {context.Request.Method}."),
        StatusCodes.Status413PayloadTooLarge => TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => MediaTypeProblem(context),
        var status => Problem.Of(status, "refused", $"{context.Request.Method} {Shorten(context.Request.Path.Value ?? "")} was refused: /vapi/v1/openapi.json says what it takes."),
    };

    private static Problem TooLarge() => Problem.Of(StatusCodes.Status413PayloadTooLarge, "too_large", "The body is larger than this server takes: send less.");

    private static Problem MediaTypeProblem(HttpContext context) => Problem.Of(
        StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", $"The body is {(context.Request.ContentType is { } type ? $"'{Shorten(type)}'" : "of no type")}: send JSON, with Content-Type: application/json.");

    private Problem Describe(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case VapiException known:
                return Problem.Of(known.Status, known.Code, known.Message);
            case LlmosException error:
                return Problem.Of(error);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return TooLarge();
            case BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType }:
                return MediaTypeProblem(context);
            case BadHttpRequestException { InnerException: JsonException wrong }:
                return Problem.Of(StatusCodes.Status400BadRequest, "invalid_json", JsonSentence(wrong));
            case BadHttpRequestException bad:
                return Problem.Of(bad.StatusCode, "invalid_argument", ValueSentence(bad.Message));
            case OrleansException or TimeoutException:
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, "unavailable", "The system did not answer, and may be starting or stopping: ask again.");
            default:
                LogDefect(exception, context.Request.Path);
                return Problem.Of(StatusCodes.Status500InternalServerError, "internal_error", "The server failed at this request: its log says why.");
        }
    }

    private static string JsonSentence(JsonException wrong) =>
        UnknownField().Match(wrong.Message) is { Success: true } unknown ? $"The body has a field '{Shorten(unknown.Groups[1].Value)}' that this request does not take: leave it out, or see /vapi/v1/openapi.json."
        : MissingFields().Match(wrong.Message) is { Success: true } missing ? $"The body lacks {Shorten(missing.Groups[1].Value)}: give it."
        : wrong.Path is { Length: > 2 } path ? $"The body's '{Shorten(path[2..])}' is not of its type: /vapi/v1/openapi.json has the types."
        : $"The body is no JSON of the form that is wanted, at line {wrong.LineNumber + 1}: /vapi/v1/openapi.json has the form.";

    private static string ValueSentence(string message) =>
        BadValue().Match(message) is { Success: true } value ? $"'{value.Groups[2].Value}' is '{Shorten(value.Groups[3].Value)}': it must be {(value.Groups[1].Value.Contains("Boolean", StringComparison.OrdinalIgnoreCase) || value.Groups[1].Value.Contains("bool", StringComparison.Ordinal) ? "true or false" : value.Groups[1].Value.Contains("Date", StringComparison.Ordinal) ? "a time such as 2026-01-31T12:00:00Z" : value.Groups[1].Value.Contains("ouble", StringComparison.Ordinal) ? "a number" : "a whole number")}."
        : MissingValue().Match(message) is { Success: true } missing ? $"'{missing.Groups[1].Value}' is missing: give it in the address's query."
        : message.Contains("body", StringComparison.Ordinal) ? "The body is missing: send JSON."
        : "The request was broken off, or is no HTTP.";

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";

    [GeneratedRegex("JSON property '(.+?)' could not be mapped")]
    private static partial Regex UnknownField();

    [GeneratedRegex("missing required properties including: (.+?)\\.?$")]
    private static partial Regex MissingFields();

    [GeneratedRegex("""parameter "(.+) (\w+)" from "(.*)"\.""", RegexOptions.Singleline)]
    private static partial Regex BadValue();

    [GeneratedRegex("""Required parameter ".+ (\w+)" was not provided""")]
    private static partial Regex MissingValue();

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for {Path} failed.")]
    private partial void LogDefect(Exception exception, PathString path);
}
