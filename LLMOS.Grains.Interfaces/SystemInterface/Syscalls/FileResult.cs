using LLMOS.SystemInterface.VectorFs;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A file or directory of VectorFS, as it is now.</summary>
[GenerateSerializer, Immutable, Alias("llmos.file-result")]
public sealed record FileResult([property: Id(0)] FileNode File) : SyscallResult;
