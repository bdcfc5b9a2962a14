using System.Collections.Immutable;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A syscall as programs, people and models see it.</summary>
/// <param name="Opcode">Its number, which stays the same for good.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in a sentence; its vector is the embedding of this.</param>
/// <param name="Parameters">What it takes, in the order in which it is written.</param>
public sealed record SyscallDefinition(int Opcode, string Name, string Description, ImmutableArray<SyscallParameter> Parameters)
{
    /// <summary>The parameter of a name; null when there is none.</summary>
    public SyscallParameter? Find(string parameter) =>
        Parameters.FirstOrDefault(candidate => string.Equals(candidate.Name, parameter, StringComparison.Ordinal));
}
