using System.Collections.Immutable;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What a model made of a sentence.</summary>
/// <param name="Calls">The system calls, in order; empty where it asks for none.</param>
/// <param name="Answer">What to say where there are none: an answer, or what is missing.</param>
public sealed record SyscallReply(ImmutableArray<SyscallCall> Calls, string? Answer);
