using System.Collections.Immutable;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>The versions of a file, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("llmos.versions-result")]
public sealed record VersionsResult([property: Id(0)] ImmutableArray<FileVersion> Versions) : SyscallResult;
