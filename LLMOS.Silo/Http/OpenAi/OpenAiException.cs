using LLMOS.Agents;

namespace LLMOS.Silo.Http.OpenAi;

/// <summary>A request that is answered with an error in OpenAI's envelope.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="message">A sentence.</param>
/// <param name="parameter">The field that is wrong; null for none in particular.</param>
/// <param name="code">What programs tell it by; null for nothing.</param>
internal sealed class OpenAiException(int status, string message, string? parameter = null, string? code = null) : Exception(message)
{
    /// <summary>The code of a conversation that no window takes.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    public int Status => status;

    public string? Parameter => parameter;

    public string? Code => code;

    public string Type => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>A field that is not as it has to be.</summary>
    public static OpenAiException Wrong(string parameter, string message) => new(StatusCodes.Status400BadRequest, message, parameter, "invalid_value");

    /// <summary>A field that this server does not know how to honour.</summary>
    public static OpenAiException NotSupported(string parameter, string what) =>
        new(StatusCodes.Status400BadRequest, $"'{parameter}' is not supported here: {what}.", parameter, "unsupported_parameter");

    public static OpenAiException Of(LlmosException error) => error.Code switch
    {
        LlmosErrorCode.InvalidArgument when error.Argument == CompletionProgram.Conversation => new(StatusCodes.Status400BadRequest, error.Message, "messages", ContextLengthExceeded),
        LlmosErrorCode.InvalidArgument or LlmosErrorCode.FailedPrecondition => new(StatusCodes.Status400BadRequest, error.Message),
        LlmosErrorCode.NotFound => new(StatusCodes.Status404NotFound, error.Message, code: "not_found"),
        LlmosErrorCode.PermissionDenied => new(StatusCodes.Status403Forbidden, error.Message, code: "permission_denied"),
        LlmosErrorCode.ResourceExhausted => new(StatusCodes.Status429TooManyRequests, error.Message, code: "rate_limit_exceeded"),
        LlmosErrorCode.NotAvailable => new(StatusCodes.Status501NotImplemented, error.Message, code: "not_available"),
        LlmosErrorCode.DeadlineExceeded => new(StatusCodes.Status504GatewayTimeout, error.Message, code: "timeout"),
        LlmosErrorCode.Unavailable => new(StatusCodes.Status503ServiceUnavailable, error.Message, code: "unavailable"),
        _ => new(StatusCodes.Status500InternalServerError, error.Message, code: "internal_error"),
    };
}
