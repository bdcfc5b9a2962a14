namespace LLMOS.Silo.Http.Vapi;

/// <summary>What became of syscalls.</summary>
/// <param name="Results">In their order; the last may have failed.</param>
/// <param name="NotMade">Calls after that, which were not made.</param>
internal sealed record SyscallsView(IReadOnlyList<SyscallOutcome> Results, int NotMade);
