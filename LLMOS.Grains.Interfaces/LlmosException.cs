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

    /// <summary>The syscall that failed, by its name; null where it was none.</summary>
    public string? Syscall { get; init; }

    /// <summary>The argument of the syscall that was wrong, or that it failed on; null for none in particular.</summary>
    public string? Argument { get; init; }

    /// <param name="message">The sentence.</param>
    /// <param name="argument">The argument of the syscall that it is about, where that is known; null where only the syscall knows.</param>
    public static LlmosException InvalidArgument(string message, string? argument = null) => new(LlmosErrorCode.InvalidArgument, message) { Argument = argument };

    public static LlmosException NotFound(string message) => new(LlmosErrorCode.NotFound, message);

    /// <param name="message">The sentence.</param>
    /// <param name="argument">The argument of the syscall that it is about, where that is known; null where only the syscall knows.</param>
    public static LlmosException Refused(string message, string? argument = null) => new(LlmosErrorCode.FailedPrecondition, message) { Argument = argument };

    public static LlmosException Denied(string message) => new(LlmosErrorCode.PermissionDenied, message);

    public static LlmosException Unavailable(string message) => new(LlmosErrorCode.Unavailable, message);
}
