namespace LLMOS.Shell.Mounting;

/// <summary>What the errors of VectorFS are to a program that only knows errno.</summary>
internal static class FileErrors
{
    /// <param name="error">The error.</param>
    /// <param name="refused">What it means here that the state of the tree does not allow it, which is one code for several things.</param>
    public static Errno Of(Exception error, Errno refused = Errno.EINVAL) => error switch
    {
        ErrnoException known => known.Errno,
        OperationCanceledException => Errno.EINTR,
        _ when Failure.Find<LlmosException>(error) is { } known => known.Code switch
        {
            LlmosErrorCode.NotFound => Errno.ENOENT,
            LlmosErrorCode.PermissionDenied => Errno.EACCES,
            LlmosErrorCode.InvalidArgument => Errno.EINVAL,
            LlmosErrorCode.FailedPrecondition => refused,
            LlmosErrorCode.ResourceExhausted => Errno.EDQUOT,
            LlmosErrorCode.NotAvailable => Errno.EOPNOTSUPP,
            _ => Errno.EIO,
        },
        _ => Errno.EIO,
    };

    /// <summary>Waits for a call of VectorFS, and says what it means where the tree's state does not allow it.</summary>
    public static async Task<T> OrAsync<T>(this Task<T> call, Errno refused)
    {
        try
        {
            return await call;
        }
        catch (LlmosException error) when (error.Code == LlmosErrorCode.FailedPrecondition)
        {
            throw new ErrnoException(refused, error.Message);
        }
    }
}
