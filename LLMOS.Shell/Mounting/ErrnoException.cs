namespace LLMOS.Shell.Mounting;

/// <summary>Ends a request with an error of Linux.</summary>
internal sealed class ErrnoException(Errno errno, string message) : Exception(message)
{
    public ErrnoException(Errno errno)
        : this(errno, errno.ToString())
    {
    }

    public Errno Errno { get; } = errno;
}
