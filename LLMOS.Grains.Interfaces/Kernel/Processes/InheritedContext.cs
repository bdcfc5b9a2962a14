using System.Collections.Immutable;

namespace LLMOS.Kernel.Processes;

/// <summary>What a process has from the context of its parent.</summary>
/// <param name="Role">The role that the context begins with: that of the first process it comes down from.</param>
/// <param name="Pids">Whose words in it are its own: the parent's, and of those that the parent inherited from.</param>
[GenerateSerializer, Immutable, Alias("llmos.inherited-context")]
public sealed record InheritedContext(
    [property: Id(0)] string Role,
    [property: Id(1)] ImmutableArray<long> Pids);
