namespace LLMOS.Kernel.Processes;

/// <summary>What a process is to the system.</summary>
[GenerateSerializer, Alias("llmos.process-kind")]
public enum ProcessKind
{
    /// <summary>A person, or a program that speaks for one.</summary>
    User,

    /// <summary>A part of the system that runs as a process.</summary>
    System,

    /// <summary>An agent with a role.</summary>
    Specialist,

    /// <summary>An agent that manages other agents.</summary>
    Meta,
}
