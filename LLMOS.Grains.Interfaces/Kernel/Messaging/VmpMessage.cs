using System.Collections.Immutable;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Kernel.Messaging;

/// <summary>A message of the Vector Message Protocol (VMP).</summary>
[GenerateSerializer, Immutable, Alias("llmos.vmp")]
public sealed record VmpMessage
{
    /// <summary>Names the message. A second one with the same id to the same recipient is dropped.</summary>
    [Id(0)] public required Guid MessageId { get; init; }

    [Id(1)] public required long From { get; init; }

    [Id(2)] public required long To { get; init; }

    [Id(3)] public VmpMessageType MessageType { get; init; }

    /// <summary>The embedding of what the message says; one that comes without gets one from the cheap embedder.</summary>
    [Id(4)] public float[] Vector { get; init; } = [];

    [Id(5)] public string Payload { get; init; } = "";

    [Id(6)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    [Id(7)] public DateTimeOffset Timestamp { get; init; }

    [Id(8)] public bool RequiresAck { get; init; }

    /// <summary>The conversation it belongs to: the run of a workflow, or the request that a response answers.</summary>
    [Id(9)] public string CorrelationId { get; init; } = "";

    /// <summary>After this time nobody waits for an answer; null for none.</summary>
    [Id(10)] public DateTimeOffset? Deadline { get; init; }

    /// <summary>The W3C trace context of the sender; empty for none.</summary>
    [Id(11)] public string TraceParent { get; init; } = "";

    /// <summary>What programs add for each other, such as the steps that a workflow has taken.</summary>
    [Id(12)] public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The multicast group it was sent to, <see cref="Everyone"/> for a broadcast; empty for one recipient.</summary>
    [Id(13)] public string Group { get; init; } = "";

    /// <summary>The <see cref="Group"/> of a broadcast.</summary>
    public const string Everyone = "*";
}
