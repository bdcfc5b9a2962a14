namespace LLMOS.SystemInterface.Idempotency;

/// <summary>A request that was begun, and its answer once it has one.</summary>
[GenerateSerializer, Immutable, Alias("llmos.idempotency-entry")]
public sealed record IdempotencyEntry(
    [property: Id(0)] string Request,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] StoredAnswer? Answer);
