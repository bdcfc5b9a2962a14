namespace LLMOS.Kernel.Messaging;

/// <summary>How a message ended that will never be handled.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="State"><see cref="DeliveryState.Expired"/> or <see cref="DeliveryState.Dropped"/>.</param>
/// <param name="Reason">Why, in a sentence.</param>
[GenerateSerializer, Immutable, Alias("llmos.dead-letter")]
public sealed record DeadLetter(
    [property: Id(0)] Guid MessageId,
    [property: Id(1)] DeliveryState State,
    [property: Id(2)] string Reason);
