namespace LLMOS;

/// <summary>What of an <see cref="LlmosException"/> crosses grain calls.</summary>
[GenerateSerializer, Immutable, Alias("llmos.error")]
public readonly record struct LlmosExceptionSurrogate(
    [property: Id(0)] LlmosErrorCode Code,
    [property: Id(1)] string Message,
    [property: Id(2)] string? Syscall,
    [property: Id(3)] string? Argument);
