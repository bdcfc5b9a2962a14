using System.Diagnostics;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Telemetry;

/// <summary>The span of a message, whose context travels with it.</summary>
internal static class SendTrace
{
    /// <summary>What a message is to say of the trace that it belongs to: a span of its own, else that of whoever sends it.</summary>
    /// <returns>A W3C <c>traceparent</c>; empty where nobody traces.</returns>
    public static string Of(OutgoingMessage message, long from, Guid id)
    {
        using var activity = LlmosTelemetry.Source.StartActivity(SpanNames.Send, ActivityKind.Producer);
        if (activity is null)
        {
            return Activity.Current?.Id ?? "";
        }

        if (activity.IsAllDataRequested)
        {
            activity.SetTag(SpanNames.System, SpanNames.Vmp);
            activity.SetTag(SpanNames.Operation, "send");
            activity.SetTag(SpanNames.MessageId, id.ToString());
            activity.SetTag(SpanNames.From, from);
            activity.SetTag(SpanNames.To, message.To);
            activity.SetTag(SpanNames.MessageType, message.MessageType.ToString());
        }

        return activity.Id ?? "";
    }
}
