using LLMOS.Kernel.Messaging;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A VMP message as a resource, without its vector.</summary>
internal sealed record MessageView
{
    /// <summary>Its place in the log; null where it was not read from there.</summary>
    public long? Sequence { get; init; }

    public required Guid Id { get; init; }

    public required long From { get; init; }

    public required long To { get; init; }

    public required string Type { get; init; }

    /// <summary>How far it came; null where it was not read from the log.</summary>
    public string? State { get; init; }

    public required string Text { get; init; }

    public required int Priority { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool RequiresAck { get; init; }

    public required string CorrelationId { get; init; }

    public required string Group { get; init; }

    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Why it is a dead letter.</summary>
    public string? Reason { get; init; }

    /// <summary>The id under which this dead letter was sent again.</summary>
    public Guid? ReplayedAs { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public static MessageView Of(LoggedMessage logged) => Of(logged.Message) with
    {
        Sequence = logged.Sequence,
        State = ProcessView.Word(logged.State),
        Reason = logged.Reason.Length > 0 ? logged.Reason : null,
        ReplayedAs = logged.ReplayedAs,
    };

    public static MessageView Of(VmpMessage message) => new()
    {
        Id = message.MessageId,
        From = message.From,
        To = message.To,
        Type = ProcessView.Word(message.MessageType),
        Text = message.Payload,
        Priority = message.Priority.Value,
        At = message.Timestamp,
        RequiresAck = message.RequiresAck,
        CorrelationId = message.CorrelationId,
        Group = message.Group,
        Deadline = message.Deadline,
        Headers = message.Headers,
    };
}
