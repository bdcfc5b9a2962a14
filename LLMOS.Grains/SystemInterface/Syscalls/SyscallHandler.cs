using LLMOS.Kernel.Security;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>How a syscall is carried out.</summary>
/// <param name="Name">The syscall.</param>
/// <param name="Needs">The permissions that a caller has to have; what the call touches is checked where it does.</param>
/// <param name="RecordFirst">Whether it has an effect, so that it is in the audit log before it is carried out.</param>
/// <param name="Subject">The argument that it is about, which an error names; null for none.</param>
/// <param name="RunAsync">Carries it out.</param>
internal sealed record SyscallHandler(
    string Name, Permissions Needs, bool RecordFirst, string? Subject, Func<SyscallContext, Task<SyscallResult>> RunAsync);
