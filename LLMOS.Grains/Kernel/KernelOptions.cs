namespace LLMOS.Kernel;

/// <summary>How the kernel runs on a silo.</summary>
public sealed class KernelOptions
{
    /// <summary>
    /// Whether messages are delivered and turns run. A shell that only looks at what happened leaves both where they
    /// are: listing the processes must not make them work.
    /// </summary>
    public bool DeliverMessages { get; set; } = true;
}
