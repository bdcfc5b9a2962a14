using LLMOS.Kernel.Processes;

namespace LLMOS.Client.Watching;

/// <summary>A member of a run showed something.</summary>
/// <param name="Role">The part it plays in the workflow.</param>
/// <param name="Pid">Its PID.</param>
/// <param name="Output">What it showed.</param>
public sealed record RunOutput(string Role, long Pid, ProcessOutput Output) : RunEvent;
