using LLMOS.Kernel.Memory;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A context region, described.</summary>
[GenerateSerializer, Immutable, Alias("llmos.region-result")]
public sealed record RegionResult([property: Id(0)] RegionInfo Region) : SyscallResult;
