namespace LLMOS.Kernel.Messaging;

/// <summary>What a sender asks room for in a mailbox.</summary>
/// <param name="MessageId">The message.</param>
/// <param name="Bytes">What it takes in memory, in bytes.</param>
[GenerateSerializer, Immutable, Alias("llmos.mailbox-claim")]
public readonly record struct MailboxClaim(
    [property: Id(0)] Guid MessageId,
    [property: Id(1)] long Bytes);
