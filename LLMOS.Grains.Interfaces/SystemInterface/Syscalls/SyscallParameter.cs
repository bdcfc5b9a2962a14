using System.Collections.Immutable;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>An argument that a syscall takes.</summary>
/// <param name="Name">Its key in JSON.</param>
/// <param name="Type">What it may be.</param>
/// <param name="Required">Whether the call means nothing without it.</param>
/// <param name="Choices">The words of a <see cref="SyscallArgumentType.Choice"/>; empty for other types.</param>
public sealed record SyscallParameter(string Name, SyscallArgumentType Type, bool Required, ImmutableArray<string> Choices);
