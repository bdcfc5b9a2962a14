namespace LLMOS.Kernel.Messaging;

/// <summary>What the kernel says to the sender of a message in its recipient's name.</summary>
public static class Notices
{
    /// <summary>The acknowledgement of a message whose turn is committed.</summary>
    public static VmpMessage Acknowledge(VmpMessage message, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Ack(message, "", now);
    }

    /// <summary>
    /// What tells the sender that a message will never be handled: a RESPONSE for a REQUEST, and an acknowledgement with an
    /// error where one was wanted. Both have ids that follow from the message's, so that a second copy is recognised.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="code">What kind of error it is.</param>
    /// <param name="reason">A sentence.</param>
    /// <param name="now">The time.</param>
    /// <param name="argument">What of the message was wrong; null where that is not known.</param>
    public static IEnumerable<VmpMessage> Refuse(VmpMessage message, LlmosErrorCode code, string reason, DateTimeOffset now, string? argument = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.MessageType == VmpMessageType.Request)
        {
            var response = Responses.To(message, reason, VmpHeaders.Error(reason, code, argument));
            yield return Reply(message, MessageIds.Failure(message.MessageId, message.To), now) with
            {
                MessageType = VmpMessageType.Response,
                Payload = response.Payload,
                CorrelationId = response.CorrelationId,
                Headers = response.Headers,
            };
        }

        if (message.RequiresAck)
        {
            yield return Ack(message, reason, now) with
            {
                Headers = VmpHeaders.Ack(message.MessageId).AddRange(VmpHeaders.Error(reason, code, argument)),
            };
        }
    }

    private static VmpMessage Ack(VmpMessage message, string text, DateTimeOffset now) =>
        Reply(message, MessageIds.Acknowledgement(message.MessageId, message.To), now) with
        {
            MessageType = VmpMessageType.Notification,
            Payload = text,
            CorrelationId = message.MessageId.ToString(),
            Headers = VmpHeaders.Ack(message.MessageId),
        };

    private static VmpMessage Reply(VmpMessage message, Guid id, DateTimeOffset now) => new()
    {
        MessageId = id,
        From = message.To,
        To = message.From,
        Priority = message.Priority,
        Timestamp = now,
        TraceParent = message.TraceParent,
    };
}
