namespace LLMOS.Shell;

/// <summary>The exit codes of <c>llmos</c>.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was understood and failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>No silo runs where one was asked for, as systemctl(1) says it.</summary>
    public const int NotRunning = 3;

    /// <summary>The time that was given has passed, as of timeout(1).</summary>
    public const int TimedOut = 124;

    /// <summary>Interrupted by Ctrl-C: 128 and the number of the signal, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>Asked to end by SIGTERM.</summary>
    public const int Terminated = 143;
}
