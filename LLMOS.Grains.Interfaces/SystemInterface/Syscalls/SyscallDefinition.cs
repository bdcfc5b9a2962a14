using System.Collections.Immutable;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A syscall as programs, people and models see it.</summary>
/// <param name="Opcode">Its number, which stays the same for good.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in a sentence; its vector is the embedding of this.</param>
/// <param name="Parameters">What it takes, in the order in which it is written.</param>
public sealed record SyscallDefinition(int Opcode, string Name, string Description, ImmutableArray<SyscallParameter> Parameters)
{
    /// <summary>
    /// Whether its effect cannot be taken back: it ends a process, gives memory back, removes files or changes what somebody may spend. Who reads calls
    /// out of a sentence asks before these, for the sentence may have been misunderstood.
    /// </summary>
    public bool IsDestructive { get; init; }

    /// <summary>The parameter of a name; null when there is none.</summary>
    public SyscallParameter? Find(string parameter) =>
        Parameters.FirstOrDefault(candidate => string.Equals(candidate.Name, parameter, StringComparison.Ordinal));
}
