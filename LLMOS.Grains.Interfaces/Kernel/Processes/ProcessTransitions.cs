namespace LLMOS.Kernel.Processes;

/// <summary>The transition table of the process state machine: pure, and the only place that knows it.</summary>
public static class ProcessTransitions
{
    /// <summary>Whether a process may go from one state to the other.</summary>
    public static bool IsAllowed(ProcessState from, ProcessState to) => (from, to) switch
    {
        (ProcessState.Terminated, _) => false,
        (_, ProcessState.Terminated) => true,
        (ProcessState.Suspended, ProcessState.Suspended) => false,
        (_, ProcessState.Suspended) => true,
        (ProcessState.Suspended, _) => true,
        (ProcessState.Running, ProcessState.Thinking or ProcessState.Blocked) => true,
        (ProcessState.Thinking, ProcessState.Running or ProcessState.Blocked) => true,
        (ProcessState.Blocked, ProcessState.Running) => true,
        _ => false,
    };

    /// <summary>Refuses a transition that the table does not have, naming both states.</summary>
    /// <exception cref="LlmosException">The transition is not allowed.</exception>
    public static void Ensure(long pid, ProcessState from, ProcessState to)
    {
        if (!IsAllowed(from, to))
        {
            throw LlmosException.Refused(
                $"Process {pid} is {from.ToString().ToUpperInvariant()} and cannot become {to.ToString().ToUpperInvariant()}.");
        }
    }
}
