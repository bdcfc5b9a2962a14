namespace LLMOS.Kernel.Messaging;

/// <summary>A message as the durable log has it.</summary>
/// <param name="Sequence">Its place in the log; later messages have higher ones.</param>
/// <param name="Message">The message.</param>
/// <param name="State">How far it came.</param>
[GenerateSerializer, Immutable, Alias("llmos.logged-message")]
public sealed record LoggedMessage(
    [property: Id(0)] long Sequence,
    [property: Id(1)] VmpMessage Message,
    [property: Id(2)] DeliveryState State)
{
    /// <summary>Why it is a dead letter, in a sentence; empty for one that is none.</summary>
    [Id(3)] public string Reason { get; init; } = "";

    /// <summary>The id under which this dead letter was sent again; null while it was not.</summary>
    [Id(4)] public Guid? ReplayedAs { get; init; }
}
