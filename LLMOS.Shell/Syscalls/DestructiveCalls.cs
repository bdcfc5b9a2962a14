using LLMOS.SystemInterface.Syscalls;

namespace LLMOS.Shell.Syscalls;

/// <summary>System calls whose effect cannot be taken back, before which a sentence is asked about: it may have been misunderstood.</summary>
internal static class DestructiveCalls
{
    /// <summary>Whether a call ends a process, gives memory back, removes files or changes what somebody may spend.</summary>
    public static bool Is(SyscallCall call) => call.Name is "kill" or "merge" or "free" or "remove" or "setrlimit";
}
