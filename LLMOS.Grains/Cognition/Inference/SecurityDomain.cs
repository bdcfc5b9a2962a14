using LLMOS.Kernel.Processes;

namespace LLMOS.Cognition.Inference;

/// <summary>
/// Whom KV is shared with. A hit in a cache can be told by its time, so what one has computed is used for another only inside a domain, or with
/// READ_CONTEXT for what may be read anyhow. A domain is a process tree, until processes have users.
/// </summary>
public static class SecurityDomain
{
    /// <summary>The domain of a process.</summary>
    public static string Of(ProcessControlBlock process) => $"tree/{ProcessTree.RootOf(process)}";

    /// <summary>Whether a domain ends with the process: that it was the root of its tree, which takes no new children now.</summary>
    public static bool EndsWith(ProcessControlBlock process)
    {
        ArgumentNullException.ThrowIfNull(process);
        return process.State == ProcessState.Terminated && ProcessTree.RootOf(process) == process.Pid;
    }
}
