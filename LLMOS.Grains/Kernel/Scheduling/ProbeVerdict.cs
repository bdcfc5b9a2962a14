namespace LLMOS.Kernel.Scheduling;

/// <summary>What becomes of a probe.</summary>
public enum ProbeVerdict
{
    /// <summary>It ends here.</summary>
    Drop,

    /// <summary>It goes on to all that the process waits for.</summary>
    PassOn,

    /// <summary>It has come back: its path is a circle.</summary>
    Circle,
}
