namespace LLMOS.Kernel.Telemetry;

/// <summary>The names of spans, and of what they say beside the conventions (<see cref="GenAiNames"/>). Spans may name PIDs; metrics may not.</summary>
public static class SpanNames
{
    /// <summary>A message is sent. The turn that handles it goes on from here, in whatever process and silo.</summary>
    public const string Send = "send vmp";

    /// <summary>A request waits in an engine for its place.</summary>
    public const string Queue = "engine.queue";

    /// <summary>What of the prompt no cache held is computed, up to the first token of the answer.</summary>
    public const string Prefill = "engine.prefill";

    /// <summary>The answer is computed, from its first token on.</summary>
    public const string Decode = "engine.decode";

    public const string System = "messaging.system";
    public const string Operation = "messaging.operation.name";
    public const string MessageId = "messaging.message.id";
    public const string Vmp = "vmp";
    public const string From = "llmos.from";
    public const string To = "llmos.to";
    public const string MessageType = "llmos.message.type";
    public const string Pid = "llmos.pid";
    public const string TurnResult = "llmos.turn.result";
    public const string ForcedTokens = "llmos.tokens.forced";
    public const string AcceptedTokens = "llmos.tokens.accepted";
}
