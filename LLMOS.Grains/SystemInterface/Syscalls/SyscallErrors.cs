namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Errors that name the syscall and the argument.</summary>
internal static class SyscallErrors
{
    public static LlmosException Wrong(string syscall, string argument, string sentence) =>
        Named(LlmosException.InvalidArgument(sentence), syscall, argument);

    public static LlmosException NotAvailable(string syscall, string? argument, string sentence) =>
        Named(new LlmosException(LlmosErrorCode.NotAvailable, sentence), syscall, argument);

    /// <summary>An error with the syscall and the argument; one that has them is left as it is.</summary>
    /// <param name="error">The error.</param>
    /// <param name="syscall">The syscall.</param>
    /// <param name="argument">The argument that it is about, if the error does not say which one was wrong; null for none.</param>
    public static LlmosException Named(LlmosException error, string syscall, string? argument)
    {
        if (error.Syscall is not null)
        {
            return error;
        }

        argument = error.Argument ?? argument;
        return new LlmosException(error.Code, argument is null ? $"{syscall}: {error.Message}" : $"{syscall}, {argument}: {error.Message}", error)
        {
            Syscall = syscall,
            Argument = argument,
        };
    }
}
