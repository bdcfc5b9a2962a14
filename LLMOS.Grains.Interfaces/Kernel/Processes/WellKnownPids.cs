namespace LLMOS.Kernel.Processes;

/// <summary>The PIDs that boot assigns. All others are allocated from <see cref="FirstFree"/> on and never reused.</summary>
public static class WellKnownPids
{
    /// <summary>The root of the process tree.</summary>
    public const long Init = 1;

    public const long Monitor = 2;

    public const long Logger = 3;

    public const long Scheduler = 4;

    /// <summary>The mailbox of whoever uses the system and has no process of their own.</summary>
    public const long Console = 5;

    public const long Summarizer = 6;

    public const long FirstFree = 16;
}
