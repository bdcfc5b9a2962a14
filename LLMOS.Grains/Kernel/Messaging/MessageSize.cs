namespace LLMOS.Kernel.Messaging;

/// <summary>What a message takes in a mailbox.</summary>
public static class MessageSize
{
    // The record itself, its place in the mailbox and the ids in it.
    private const long Fixed = 256;

    /// <summary>Bytes in memory, about.</summary>
    public static long Of(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var bytes = Fixed + (2L * message.Payload.Length) + (4L * message.Vector.Length) + (2L * message.CorrelationId.Length);
        foreach (var (name, value) in message.Headers)
        {
            bytes += 2L * (name.Length + value.Length);
        }

        return bytes;
    }
}
