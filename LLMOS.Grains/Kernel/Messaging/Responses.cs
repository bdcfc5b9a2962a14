using System.Collections.Immutable;

namespace LLMOS.Kernel.Messaging;

/// <summary>Makes responses that their requests find again.</summary>
public static class Responses
{
    /// <summary>A response carries its request's correlation id, or the request's own id where it has none.</summary>
    public static OutgoingMessage To(VmpMessage request, string text, ImmutableDictionary<string, string>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new OutgoingMessage
        {
            To = request.From,
            Payload = text,
            MessageType = VmpMessageType.Response,
            CorrelationId = request.CorrelationId.Length > 0 ? request.CorrelationId : request.MessageId.ToString(),
            Headers = headers ?? ImmutableDictionary<string, string>.Empty,
        };
    }
}
