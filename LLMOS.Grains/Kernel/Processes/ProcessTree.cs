namespace LLMOS.Kernel.Processes;

/// <summary>The trees that processes form below those that boot makes.</summary>
public static class ProcessTree
{
    /// <summary>The root of a process's tree. One that was made before roots were kept counts as a root.</summary>
    public static long RootOf(ProcessControlBlock process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.Tree > 0 ? process.Tree : process.Pid;
    }
}
