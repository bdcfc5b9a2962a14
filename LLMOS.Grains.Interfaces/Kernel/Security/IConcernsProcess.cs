namespace LLMOS.Kernel.Security;

/// <summary>An argument of a grain call that is about a process.</summary>
public interface IConcernsProcess
{
    /// <summary>The process; null for all of them.</summary>
    long? ConcernedPid { get; }
}
