namespace LLMOS.Kernel.Processes;

/// <summary>What the end of a process means to one that waits for it.</summary>
public static class DependencyRule
{
    /// <summary>What follows when one ended so.</summary>
    public static DependencyOutcome Of(DependencyPolicy policy, ExitReason exit)
    {
        ArgumentNullException.ThrowIfNull(exit);
        return exit.Code == 0 || policy == DependencyPolicy.Ignore ? DependencyOutcome.Satisfied
            : policy == DependencyPolicy.Wait ? DependencyOutcome.Held
            : DependencyOutcome.Failed;
    }
}
