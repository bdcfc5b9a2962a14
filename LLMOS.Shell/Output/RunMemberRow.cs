namespace LLMOS.Shell.Output;

/// <summary>A member of a run, in a <see cref="RunRow"/>.</summary>
internal sealed record RunMemberRow(string Role, long Pid);
