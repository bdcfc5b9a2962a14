namespace LLMOS.Kernel.Processes;

/// <summary>How a process came to its end.</summary>
[GenerateSerializer, Alias("llmos.exit-kind")]
public enum ExitKind
{
    /// <summary>It ended by itself, or its work was done.</summary>
    Exit,

    /// <summary>Somebody ended it.</summary>
    Kill,

    /// <summary>It failed.</summary>
    Fault,

    /// <summary>It reached a limit with a hard cap.</summary>
    Limit,
}
