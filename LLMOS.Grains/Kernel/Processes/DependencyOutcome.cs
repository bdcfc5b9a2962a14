namespace LLMOS.Kernel.Processes;

/// <summary>What the end of a process means to one that waits for it.</summary>
public enum DependencyOutcome
{
    /// <summary>It is waited for no longer.</summary>
    Satisfied,

    /// <summary>It is waited for until somebody decides otherwise.</summary>
    Held,

    /// <summary>Who waits ends too.</summary>
    Failed,
}
