namespace LLMOS.Kernel.Messaging;

/// <summary>How far a message came.</summary>
[GenerateSerializer, Alias("llmos.delivery-state")]
public enum DeliveryState
{
    /// <summary>In the log, not yet with its recipient.</summary>
    Queued,

    /// <summary>In the recipient's mailbox.</summary>
    Delivered,

    /// <summary>Handled: its effects are committed.</summary>
    Consumed,
}
