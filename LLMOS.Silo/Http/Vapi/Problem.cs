using System.Globalization;
using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>An error as RFC 9457 has it, with what programs tell it by.</summary>
internal sealed record Problem
{
    public const string MediaType = "application/problem+json";

    /// <summary>Names the kind of problem: <c>urn:llmos:problem:</c> and its code.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>A sentence: what was wrong, the value, the way out.</summary>
    public required string Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>The address that was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Instance { get; init; }

    /// <summary>The syscall that failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Syscall { get; init; }

    /// <summary>The argument that was wrong, or that it failed on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Argument { get; init; }

    public static Problem Of(int status, string code, string detail) => new()
    {
        Type = "urn:llmos:problem:" + code,
        Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
        Status = status,
        Detail = detail,
        Code = code,
    };

    public static Problem Of(LlmosException error)
    {
        var (status, code) = error.Code switch
        {
            LlmosErrorCode.InvalidArgument => (StatusCodes.Status400BadRequest, "invalid_argument"),
            LlmosErrorCode.NotFound => (StatusCodes.Status404NotFound, "not_found"),
            LlmosErrorCode.FailedPrecondition => (StatusCodes.Status409Conflict, "failed_precondition"),
            LlmosErrorCode.PermissionDenied => (StatusCodes.Status403Forbidden, "permission_denied"),
            LlmosErrorCode.ResourceExhausted => (StatusCodes.Status429TooManyRequests, "resource_exhausted"),
            LlmosErrorCode.Unavailable => (StatusCodes.Status503ServiceUnavailable, "unavailable"),
            LlmosErrorCode.NotAvailable => (StatusCodes.Status501NotImplemented, "not_available"),
            LlmosErrorCode.DeadlineExceeded => (StatusCodes.Status504GatewayTimeout, "deadline_exceeded"),
            LlmosErrorCode.Deadlock => (StatusCodes.Status409Conflict, "deadlock"),
            _ => (StatusCodes.Status500InternalServerError, "internal_error"),
        };
        return Of(status, code, error.Message) with { Syscall = error.Syscall, Argument = error.Argument };
    }

    /// <summary>Answers a request with it.</summary>
    public async Task WriteAsync(HttpContext context, TimeSpan? retryAfter = null)
    {
        context.Response.StatusCode = Status;
        if (retryAfter is { } after)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(this with { Instance = context.Request.Path }, VapiJson.Options, MediaType, context.RequestAborted);
    }
}
