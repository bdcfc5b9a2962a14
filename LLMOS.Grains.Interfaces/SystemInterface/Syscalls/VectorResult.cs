namespace LLMOS.SystemInterface.Syscalls;

/// <summary>A vector of unit length, and the embedder that made it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.vector-result")]
public sealed record VectorResult([property: Id(0)] string Space, [property: Id(1)] float[] Vector) : SyscallResult;
