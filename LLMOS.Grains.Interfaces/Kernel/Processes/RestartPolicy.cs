namespace LLMOS.Kernel.Processes;

/// <summary>When a process that would end begins anew instead. One that is killed, or reached a limit, never does.</summary>
[GenerateSerializer, Alias("llmos.restart-policy")]
public enum RestartPolicy
{
    /// <summary>Its end is its end.</summary>
    Never,

    /// <summary>When it failed. The message whose turn failed is handled again.</summary>
    OnFailure,

    /// <summary>Also when it ended by itself; it then waits for its next message.</summary>
    Always,
}
