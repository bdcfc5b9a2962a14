using System.Text.Json.Serialization;

namespace LLMOS.Silo.Http.Vapi;

/// <summary>A message.</summary>
internal sealed record SendBody
{
    /// <summary>The sender; the console's mailbox when left out.</summary>
    public long? From { get; init; }

    /// <summary>The recipient's PID.</summary>
    [JsonRequired]
    public long To { get; init; }

    [JsonRequired]
    public string Text { get; init; } = "";

    /// <summary>request, response or notification.</summary>
    public string? Type { get; init; }

    public string? Priority { get; init; }

    public string? CorrelationId { get; init; }

    public bool RequiresAck { get; init; }

    public DateTimeOffset? Deadline { get; init; }
}
