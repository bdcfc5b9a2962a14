using System.Collections.Immutable;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>Places in files that were found, the best first.</summary>
[GenerateSerializer, Immutable, Alias("llmos.matches-result")]
public sealed record MatchesResult([property: Id(0)] ImmutableArray<FileMatch> Matches) : SyscallResult;
