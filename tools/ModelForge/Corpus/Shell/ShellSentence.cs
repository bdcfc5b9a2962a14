using System.Collections.Immutable;
using LLMOS.SystemInterface.Syscalls;

namespace ModelForge.Corpus.Shell;

/// <summary>A sentence and what it asks for.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Calls">The system calls; empty for none.</param>
/// <param name="Answer">What is answered where there are none.</param>
internal sealed record ShellSentence(string Text, ImmutableArray<SyscallCall> Calls, string? Answer);
