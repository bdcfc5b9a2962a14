using System.Collections.Immutable;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Messaging;

/// <summary>What a sender says of a message; the kernel fills in the rest.</summary>
[GenerateSerializer, Immutable, Alias("llmos.outgoing-message")]
public sealed record OutgoingMessage
{
    /// <summary>The recipient's PID; 0 for a multicast or a broadcast.</summary>
    [Id(0)] public required long To { get; init; }

    [Id(1)] public required string Payload { get; init; }

    [Id(2)] public VmpMessageType MessageType { get; init; } = VmpMessageType.Request;

    /// <summary>Empty for an id of its own. A sender that may repeat itself gives the same id again.</summary>
    [Id(3)] public Guid MessageId { get; init; }

    [Id(4)] public string CorrelationId { get; init; } = "";

    /// <summary>Null for the sender's own.</summary>
    [Id(5)] public ProcessPriority? Priority { get; init; }

    [Id(6)] public DateTimeOffset? Deadline { get; init; }

    [Id(7)] public float[] Vector { get; init; } = [];

    [Id(8)] public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Whether an acknowledgement goes back once the turn that handles it is committed, or a sentence when it never will
    /// be; see <see cref="VmpHeaders.AckName"/>.
    /// </summary>
    [Id(9)] public bool RequiresAck { get; init; }

    /// <summary>The multicast group it goes to; empty for one recipient. A BROADCAST without a group goes to all.</summary>
    [Id(10)] public string Group { get; init; } = "";

    /// <summary>Whether it goes to several recipients.</summary>
    public bool IsMulticast => Group.Length > 0 || MessageType == VmpMessageType.Broadcast;
}
