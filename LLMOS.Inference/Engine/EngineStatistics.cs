namespace LLMOS.Inference;

/// <summary>What an engine has done and holds: what it has done as of its last step, and what it holds as of the beginning of that.</summary>
public sealed record EngineStatistics
{
    /// <summary>Decodes of the native context so far.</summary>
    public required long Steps { get; init; }

    /// <summary>Generated tokens, sampled and forced.</summary>
    public required long DecodedTokens { get; init; }

    /// <summary>Those of them that were the only ones that their grammars allowed, so that nothing was sampled.</summary>
    public required long ForcedTokens { get; init; }

    /// <summary>Tokens that were computed as a guess, before they were sampled.</summary>
    public required long DraftedTokens { get; init; }

    /// <summary>Those of them that turned out right.</summary>
    public required long AcceptedTokens { get; init; }

    /// <summary>Prompt tokens that were computed.</summary>
    public required long PrefilledTokens { get; init; }

    /// <summary>Prompt tokens whose KV was still there.</summary>
    public required long CachedPromptTokens { get; init; }

    /// <summary>Sequences with a reservation: prefilling, decoding or waiting for their reader.</summary>
    public required int Active { get; init; }

    /// <summary>Requests without one yet.</summary>
    public required int Waiting { get; init; }

    /// <summary>Sequences of which the context holds KV.</summary>
    public required int Resident { get; init; }

    /// <summary>KV cells with a token in them.</summary>
    public required int CellsUsed { get; init; }

    /// <summary>KV cells that running sequences may still fill, with those they hold.</summary>
    public required int CellsReserved { get; init; }

    /// <summary>KV cells of the context.</summary>
    public required int CellsTotal { get; init; }

    /// <summary>Sequences that steps computed tokens of, summed over the steps: over those it is the mean batch.</summary>
    public long ServedSequences { get; init; }

    /// <summary>Times that a step computed tokens of a sequence that the step before did not: context switches of the device.</summary>
    public long ContextSwitches { get; init; }

    /// <summary>Most sequences that a step can have.</summary>
    public int MaxSequences { get; init; }

    /// <summary>Sequences whose KV was dropped for others.</summary>
    public required long Evictions { get; init; }

    /// <summary>Sequences whose KV was saved to host memory or disk.</summary>
    public required long SwapsOut { get; init; }

    /// <summary>Sequences whose KV came back from there.</summary>
    public required long SwapsIn { get; init; }

    /// <summary>How KV was kept, shared and moved.</summary>
    public required ResidencyStatistics Residency { get; init; }

    /// <summary>Texts embedded.</summary>
    public required long EmbeddedTexts { get; init; }

    /// <summary>Steps that had other adapters than the one before.</summary>
    public required long AdapterSwitches { get; init; }

    /// <summary>Generated tokens a second over about the last second of work.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Restarts after native code gave up or a decode failed.</summary>
    public required long Restarts { get; init; }

    /// <summary>The sentence of the newest restart; null without one.</summary>
    public required string? LastRestart { get; init; }

    /// <summary>The sentence of the failure that stopped the engine; null while it runs.</summary>
    public required string? Failure { get; init; }
}
