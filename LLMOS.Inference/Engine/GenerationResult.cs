namespace LLMOS.Inference;

/// <summary>How a generation ended and what it took.</summary>
public sealed record GenerationResult
{
    public required StopReason StopReason { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>Those of them whose KV was still there, so that they were not computed.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Those of them that another sequence or a retained prefix had.</summary>
    public required int SharedTokens { get; init; }

    /// <summary>Tokens of the answer, without the one that ended the text.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Those of them that the request came with: <see cref="GenerationRequest.Emitted"/>.</summary>
    public required int EmittedTokens { get; init; }

    /// <summary>Those of them that were the only ones that the grammar allowed, so that nothing was sampled.</summary>
    public required int ForcedTokens { get; init; }

    /// <summary>Tokens that were computed as a guess, before they were sampled.</summary>
    public required int DraftedTokens { get; init; }

    /// <summary>Those of them that turned out right.</summary>
    public required int AcceptedTokens { get; init; }

    /// <summary>The sum of the log-probabilities of the tokens that were sampled: see <see cref="SamplingParameters.TopLogProbabilities"/>; null unless asked for.</summary>
    public double? LogProbability { get; init; }

    /// <summary>From the request to its reservation in the context.</summary>
    public required TimeSpan QueueTime { get; init; }

    /// <summary>From the request to the first token; zero when there was none.</summary>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>From the reservation to the end.</summary>
    public required TimeSpan EngineTime { get; init; }

    /// <summary>Steps of the engine that still computed tokens of this sequence after it was cancelled; 0 unless it was.</summary>
    public required int StepsAfterCancel { get; init; }
}
