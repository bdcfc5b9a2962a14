using System.Collections.Immutable;
using LLMOS.Kernel.Memory;

namespace LLMOS.SystemInterface.Syscalls;

/// <summary>What a context region holds, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("llmos.entries-result")]
public sealed record EntriesResult([property: Id(0)] ImmutableArray<ContextEntry> Entries) : SyscallResult;
