using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>
/// The one dispatcher of syscalls, for all doors: it checks the arguments, the permissions of the caller and what the
/// call touches, records the call, and has the kernel carry it out. Stateless; any key.
/// </summary>
[Alias("llmos.ISyscallGrain")]
public interface ISyscallGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a syscall.</summary>
    /// <returns>What it gives; which kind of result is said at <see cref="SyscallResult"/>.</returns>
    /// <exception cref="LlmosException">
    /// The call is wrong, not allowed, not available or failed. <see cref="LlmosException.Syscall"/> and
    /// <see cref="LlmosException.Argument"/> name it.
    /// </exception>
    [Alias("Call"), ResponseTimeout("00:05:00")]
    [Requires]
    Task<SyscallResult> CallAsync(SyscallRequest request);
}
