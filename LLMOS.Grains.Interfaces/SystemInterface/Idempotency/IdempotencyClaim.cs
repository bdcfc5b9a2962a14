namespace LLMOS.SystemInterface.Idempotency;

/// <summary>What is known of a request's key.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Answer">The first answer, where there is one.</param>
[GenerateSerializer, Immutable, Alias("llmos.idempotency-claim")]
public sealed record IdempotencyClaim(
    [property: Id(0)] IdempotencyState State,
    [property: Id(1)] StoredAnswer? Answer);
