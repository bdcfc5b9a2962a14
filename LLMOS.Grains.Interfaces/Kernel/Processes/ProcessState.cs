namespace LLMOS.Kernel.Processes;

/// <summary>Where a process is in its life. Who may move it where is decided by <see cref="ProcessTransitions"/>.</summary>
[GenerateSerializer, Alias("llmos.process-state")]
public enum ProcessState
{
    /// <summary>Runnable, or handling a message.</summary>
    Running,

    /// <summary>A sequence of it is in an engine.</summary>
    Thinking,

    /// <summary>Waits; <see cref="ProcessControlBlock.BlockedOn"/> says for what.</summary>
    Blocked,

    /// <summary>Stopped by an operator or by a restart; resumes to what it was.</summary>
    Suspended,

    /// <summary>Ended; final.</summary>
    Terminated,
}
