namespace LLMOS.Kernel.Messaging;

/// <summary>How far a message came. One that is not on its way any more is <see cref="Consumed"/> or a dead letter.</summary>
[GenerateSerializer, Alias("llmos.delivery-state")]
public enum DeliveryState
{
    /// <summary>In the log, not yet with its recipient.</summary>
    Queued,

    /// <summary>In the recipient's mailbox.</summary>
    Delivered,

    /// <summary>Handled: its effects are committed.</summary>
    Consumed,

    /// <summary>A dead letter: its deadline passed before it was handled.</summary>
    Expired,

    /// <summary>A dead letter: its recipient has ended or never was, or every attempt to handle it failed.</summary>
    Dropped,
}
