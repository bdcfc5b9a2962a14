using System.Collections.Immutable;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Messaging;

namespace LLMOS.Kernel.Processes;

/// <summary>What a turn does when it is committed.</summary>
public sealed record TurnOutcome
{
    public static TurnOutcome Nothing { get; } = new();

    /// <summary>Messages to send, in order.</summary>
    public ImmutableArray<OutgoingMessage> Outgoing { get; init; } = [];

    /// <summary>
    /// Whether the process handles nothing further until each message of <see cref="Outgoing"/> that requires it is
    /// acknowledged. One that never will be ends the wait too, and comes as a message with the error.
    /// </summary>
    public bool AwaitAcks { get; init; }

    /// <summary>How the process ends with this turn; null when it lives on.</summary>
    public ExitReason? Exit { get; init; }

    /// <summary>Prompt tokens that were computed; those a cache held are free.</summary>
    public int PromptTokens { get; init; }

    public int CompletionTokens { get; init; }

    public TimeSpan EngineTime { get; init; }

    /// <summary>Tokens of the window that the turn used; 0 when it did not think.</summary>
    public int ContextLength { get; init; }

    public int WindowLength { get; init; }

    /// <summary>Whether older context was left out to fit the window.</summary>
    public bool ContextFault { get; init; }

    /// <summary>What was done with the pages of its context.</summary>
    public PagingActivity Paging { get; init; }

    /// <summary>The name of the model that thought; empty when none did.</summary>
    public string Model { get; init; } = "";

    /// <summary>This one, with what a thought before it in the same turn took, too.</summary>
    internal TurnOutcome After(TurnOutcome earlier) => this with
    {
        PromptTokens = earlier.PromptTokens + PromptTokens,
        CompletionTokens = earlier.CompletionTokens + CompletionTokens,
        EngineTime = earlier.EngineTime + EngineTime,
    };
}
