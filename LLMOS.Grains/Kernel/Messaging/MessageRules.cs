namespace LLMOS.Kernel.Messaging;

/// <summary>What a message must be to be sent.</summary>
public static class MessageRules
{
    /// <summary>The longest payload, in characters. Longer texts belong into a context region that the message names.</summary>
    public const int MaxPayloadLength = 256 * 1024;

    /// <exception cref="LlmosException">The message is wrong; the text says what and how to right it.</exception>
    public static void Validate(OutgoingMessage message, int dimension)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Payload.Length > MaxPayloadLength)
        {
            throw LlmosException.InvalidArgument(
                $"A payload of {message.Payload.Length} characters is over the limit of {MaxPayloadLength}: put the text into a context region and send its path.");
        }

        if (message.Vector.Length != 0 && message.Vector.Length != dimension)
        {
            throw LlmosException.InvalidArgument(
                $"A vector of {message.Vector.Length} floats does not fit: the vector space has {dimension} dimensions.");
        }

        if (Array.Exists(message.Vector, value => !float.IsFinite(value)))
        {
            throw LlmosException.InvalidArgument("A vector with a value that is not finite cannot be compared with others: send finite floats.");
        }
    }
}
