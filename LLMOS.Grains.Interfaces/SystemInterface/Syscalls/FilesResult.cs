using System.Collections.Immutable;
using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What is in a directory.</summary>
[GenerateSerializer, Immutable, Alias("llmos.files-result")]
public sealed record FilesResult([property: Id(0)] ImmutableArray<FileNode> Files) : SyscallResult;
