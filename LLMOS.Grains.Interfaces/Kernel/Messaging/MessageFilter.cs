namespace LLMOS.Kernel.Messaging;

/// <summary>Which messages of a mailbox fit. What is null does not limit it.</summary>
[GenerateSerializer, Immutable, Alias("llmos.message-filter")]
public sealed record MessageFilter
{
    public static MessageFilter Any { get; } = new();

    [Id(0)] public long? From { get; init; }

    [Id(1)] public string? CorrelationId { get; init; }

    [Id(2)] public VmpMessageType? MessageType { get; init; }

    public bool Matches(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return (From is null || From == message.From)
            && (CorrelationId is null || CorrelationId == message.CorrelationId)
            && (MessageType is null || MessageType == message.MessageType);
    }
}
