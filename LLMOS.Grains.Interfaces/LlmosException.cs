namespace LLMOS;

/// <summary>
/// An error whose message is written for the person who caused it: what was wrong, the value, and the way out.
/// It crosses grain calls, without the exception that caused it; a caller shows <see cref="Exception.Message"/> as it is.
/// </summary>
public sealed class LlmosException : Exception
{
    public LlmosException(LlmosErrorCode code, string message)
        : base(message)
    {
        Code = code;
    }

    public LlmosException(LlmosErrorCode code, string message, Exception? innerException)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>What kind of error it is, for programs.</summary>
    public LlmosErrorCode Code { get; }

    public static LlmosException InvalidArgument(string message) => new(LlmosErrorCode.InvalidArgument, message);

    public static LlmosException NotFound(string message) => new(LlmosErrorCode.NotFound, message);

    public static LlmosException Refused(string message) => new(LlmosErrorCode.FailedPrecondition, message);

    public static LlmosException Unavailable(string message) => new(LlmosErrorCode.Unavailable, message);
}
