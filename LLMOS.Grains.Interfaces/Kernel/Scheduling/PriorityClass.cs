namespace LLMOS.Kernel.Scheduling;

/// <summary>The classes on the scale of priorities.</summary>
[GenerateSerializer, Alias("llmos.priority-class")]
public enum PriorityClass
{
    /// <summary>0 to 3: before all others, inside its reservation.</summary>
    RealTime,

    /// <summary>4 to 7.</summary>
    High,

    /// <summary>8 to 11.</summary>
    Normal,

    /// <summary>12 to 15.</summary>
    Low,

    /// <summary>16 to 19: what is left.</summary>
    Idle,
}
