using LLMOS.Kernel.Processes;

namespace LLMOS.Kernel.Messaging;

/// <summary>What a message must be to be sent.</summary>
public static class MessageRules
{
    /// <summary>The longest payload, in characters. Longer texts belong into a context region that the message names.</summary>
    public const int MaxPayloadLength = 256 * 1024;

    /// <summary>Characters of all headers with their names: functions that a model may call, and what they gave, travel in them.</summary>
    public const int MaxHeadersLength = 1024 * 1024;

    public const int MaxCorrelationLength = 256;

    /// <exception cref="LlmosException">The message is wrong; the text names the argument, and says how to right it.</exception>
    public static void Validate(OutgoingMessage message, int dimension, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        Require(message.Payload is not null, "payload: it is missing; send an empty text where there is nothing to say.");
        Require(
            message.Payload!.Length <= MaxPayloadLength,
            $"payload: {message.Payload.Length} characters are over the limit of {MaxPayloadLength}; put the text into a context region and send its path.");
        Require(
            message.Vector.Length == 0 || message.Vector.Length == dimension,
            $"vector: {message.Vector.Length} floats do not fit, the vector space has {dimension} dimensions; send so many, or none.");
        var wrong = Array.FindIndex(message.Vector, value => !float.IsFinite(value));
        Require(
            wrong < 0,
            $"vector: the value at {wrong} is {(wrong < 0 ? 0 : message.Vector[wrong])}, which cannot be compared with others; send finite floats.");
        Require(
            message.Deadline is not { } deadline || deadline > now,
            $"deadline: {message.Deadline:O} has passed, it is {now:O}; give a time to come, or none.");
        Require(
            message.CorrelationId is null || message.CorrelationId.Length <= MaxCorrelationLength,
            $"correlationId: {message.CorrelationId?.Length} characters are over the limit of {MaxCorrelationLength}; use a short name.");
        var headers = message.Headers.Sum(header => (long)header.Key.Length + (header.Value?.Length ?? 0));
        Require(headers <= MaxHeadersLength, $"headers: {headers} characters are over the limit of {MaxHeadersLength}; put what is long into the payload.");
        Require(Enum.IsDefined(message.MessageType), $"messageType: {(int)message.MessageType} is none; use REQUEST, RESPONSE, NOTIFICATION or BROADCAST.");
        foreach (var reserved in VmpHeaders.Reserved)
        {
            Require(!message.Headers.ContainsKey(reserved), $"headers: '{reserved}' is the kernel's own; take another name.");
        }

        if (message.IsMulticast)
        {
            ValidateMulticast(message);
        }
        else
        {
            Require(message.To > 0, $"to: {message.To} is no PID; ps lists those there are.");
        }
    }

    /// <exception cref="LlmosException">A group cannot have this name.</exception>
    public static void ValidateGroup(string group)
    {
        if (!ProcessSpecRules.IsName(group))
        {
            throw LlmosException.InvalidArgument(
                $"group: '{(group.Length <= 80 ? group : group[..80] + "…")}' is no name; use 1 to {ProcessSpecRules.MaxNameLength} letters, digits, '-', '_' and '.'.");
        }
    }

    private static void ValidateMulticast(OutgoingMessage message)
    {
        Require(message.To == 0, $"to: {message.To} is a single process, and the message goes to several; leave one of both out.");
        Require(message.MessageType != VmpMessageType.Response, "messageType: a RESPONSE goes to the process that asked; send a NOTIFICATION to a group.");
        Require(!message.RequiresAck, "requiresAck: a message to several processes is not acknowledged by each; send a REQUEST, which each answers, or single messages.");
        if (message.Group.Length > 0)
        {
            ValidateGroup(message.Group);
        }
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw LlmosException.InvalidArgument(otherwise);
        }
    }
}
