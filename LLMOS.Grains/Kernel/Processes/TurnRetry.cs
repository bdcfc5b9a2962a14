namespace LLMOS.Kernel.Processes;

/// <summary>A turn that is to be tried again.</summary>
/// <param name="Failed">Attempts that failed.</param>
/// <param name="NotBefore">When the next one may begin.</param>
[GenerateSerializer, Immutable, Alias("llmos.turn-retry")]
public sealed record TurnRetry(
    [property: Id(0)] int Failed,
    [property: Id(1)] DateTimeOffset NotBefore);
