namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What an argument of a syscall may be.</summary>
public enum SyscallArgumentType
{
    /// <summary>Words, as they were said.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True where it was asked for; left out where it was not.</summary>
    Flag,

    /// <summary>A PID or a process's name.</summary>
    Process,

    /// <summary>Several PIDs or names.</summary>
    Processes,

    /// <summary>0 (highest) to 19, or the name of a class.</summary>
    Priority,

    /// <summary>One of a few words.</summary>
    Choice,
}
