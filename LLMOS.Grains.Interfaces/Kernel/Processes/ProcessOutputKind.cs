namespace LLMOS.Kernel.Processes;

/// <summary>What a <see cref="ProcessOutput"/> is.</summary>
[GenerateSerializer, Alias("llmos.process-output-kind")]
public enum ProcessOutputKind
{
    /// <summary>A turn began.</summary>
    TurnStarted,

    /// <summary>Text that the model generated.</summary>
    Text,

    /// <summary>What was shown of this turn does not count: it starts anew, from its first token. Never at <see cref="ProcessDurability.Token"/>, once the turn has begun to speak.</summary>
    TurnRestarted,

    /// <summary>The turn is committed.</summary>
    TurnCommitted,

    /// <summary>The process changed its state in a way that a watcher wants to see (blocked, suspended).</summary>
    StateChanged,

    /// <summary>The process ended; nothing follows.</summary>
    Ended,
}
