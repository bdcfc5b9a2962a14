using System.Collections.Immutable;

namespace LLMOS.Kernel.Messaging;

/// <summary>The headers that the kernel itself sets.</summary>
public static class VmpHeaders
{
    /// <summary>In a RESPONSE or an acknowledgement: the request failed, and this sentence says why.</summary>
    public const string ErrorName = "error";

    /// <summary>Beside <see cref="ErrorName"/>: the name of a <see cref="LlmosErrorCode"/>.</summary>
    public const string ErrorCodeName = "error.code";

    /// <summary>Beside <see cref="ErrorName"/>, where it is known: what of the request was wrong, as <see cref="LlmosException.Argument"/> has it.</summary>
    public const string ErrorArgumentName = "error.argument";

    /// <summary>
    /// In a NOTIFICATION: it acknowledges the message with this id, whose turn is committed; with <see cref="ErrorName"/>,
    /// that message will never be handled. Its correlation id is the same.
    /// </summary>
    public const string AckName = "ack";

    /// <summary>The id of the dead letter that the message repeats.</summary>
    public const string CauseName = "cause";

    /// <summary>In what the kernel says for a process: what it is about.</summary>
    public const string KernelName = "kernel";

    /// <summary>Those that a sender cannot set: they change how a message is treated.</summary>
    public static ImmutableArray<string> Reserved { get; } = [AckName, KernelName];

    public static ImmutableDictionary<string, string> Error(string text, LlmosErrorCode code = LlmosErrorCode.FailedPrecondition, string? argument = null)
    {
        var headers = ImmutableDictionary<string, string>.Empty.Add(ErrorName, text).Add(ErrorCodeName, code.ToString());
        return argument is null ? headers : headers.Add(ErrorArgumentName, argument);
    }

    /// <summary>The headers of an acknowledgement.</summary>
    public static ImmutableDictionary<string, string> Ack(Guid message) =>
        ImmutableDictionary<string, string>.Empty.Add(AckName, message.ToString());

    /// <summary>The error that a message brings; null when it brings none.</summary>
    public static LlmosException? ErrorOf(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!message.Headers.TryGetValue(ErrorName, out var text))
        {
            return null;
        }

        return Enum.TryParse<LlmosErrorCode>(message.Headers.GetValueOrDefault(ErrorCodeName), out var code)
            ? new LlmosException(code, text) { Argument = message.Headers.GetValueOrDefault(ErrorArgumentName) }
            : LlmosException.Refused(text);
    }

    /// <summary>The id of the message that a message acknowledges, for good or not; null when it is no acknowledgement.</summary>
    public static Guid? AcknowledgedBy(VmpMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Headers.TryGetValue(AckName, out var id) && Guid.TryParse(id, out var acknowledged) ? acknowledged : null;
    }
}
