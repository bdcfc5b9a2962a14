namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The syscalls of one subject.</summary>
internal interface ISyscallSet
{
    IEnumerable<SyscallHandler> Handlers { get; }
}
