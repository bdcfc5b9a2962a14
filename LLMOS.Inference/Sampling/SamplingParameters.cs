namespace LLMOS.Inference;

/// <summary>How the next token is chosen. Applied in this order: bias and forbidden tokens, penalties, grammar, top-k, top-p, min-p, temperature, draw.</summary>
public sealed record SamplingParameters
{
    private const int MostLogProbabilities = 20;

    /// <summary>The likeliest token always.</summary>
    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    /// <summary>0 for greedy; larger is more random.</summary>
    public float Temperature { get; init; } = 0.7f;

    /// <summary>Keeps so many of the likeliest tokens; 0 for all.</summary>
    public int TopK { get; init; } = 40;

    /// <summary>Keeps the likeliest tokens up to this sum of probability; 1 for all.</summary>
    public float TopP { get; init; } = 0.95f;

    /// <summary>Keeps tokens at least so likely relative to the likeliest; 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>Divides the logits of tokens seen in the penalty window; 1 for none.</summary>
    public float RepeatPenalty { get; init; } = 1;

    /// <summary>Taken off a token's logit for each time it was seen in the penalty window; 0 for none.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken off a token's logit once if it was seen in the penalty window; 0 for none.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>The last so many tokens of prompt and answer count for the penalties.</summary>
    public int PenaltyWindow { get; init; } = 64;

    /// <summary>
    /// Seeds the draws. A draw depends on the seed, the token and its position in the sequence alone, so a generation that is taken up again
    /// from the tokens it had draws what it would have drawn.
    /// </summary>
    /// <remarks>
    /// The same request and seed give the same text as long as the same steps compute it. In other company the shape of the batch changes the
    /// last bits of the logits, and a close race between two tokens may go the other way. Measured on CPU with random models, 64 tokens, alone against
    /// 16 at once: 15 of 16 texts the same with F32 weights, 1 to 4 of 16 with Q8_0 and Q4_0, which part after about 25 tokens.
    /// </remarks>
    public ulong Seed { get; init; }

    /// <summary>Never ends before the most tokens asked for: tokens that end a generation are not sampled.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Added to the logits of tokens, a finite number for each; null for none. To forbid a token see <see cref="ForbiddenTokens"/>.</summary>
    public IReadOnlyDictionary<int, float>? LogitBias { get; init; }

    /// <summary>Tokens that are never sampled; null for none.</summary>
    public IReadOnlyCollection<int>? ForbiddenTokens { get; init; }

    /// <summary>
    /// Gives the log-probability of each token, and of so many of the likeliest tokens in its place, 0 to 20; null for none.
    /// They are natural logarithms of the model's own distribution over its whole vocabulary: before bias, penalties, grammar, truncation and temperature,
    /// so that they say what the model thought and not what it was let do. The chosen token need not be among the likeliest.
    /// </summary>
    public int? TopLogProbabilities { get; init; }

    /// <exception cref="LlamaException">A value is out of its range.</exception>
    internal void Validate(int vocabulary)
    {
        Require(Temperature is >= 0 and <= 100, nameof(Temperature), Temperature, "0 to 100");
        Require(TopK >= 0, nameof(TopK), TopK, "0 or more");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "more than 0 and at most 1");
        Require(MinP is >= 0 and <= 1, nameof(MinP), MinP, "0 to 1");
        Require(RepeatPenalty is > 0 and <= 100, nameof(RepeatPenalty), RepeatPenalty, "more than 0 and at most 100");
        Require(float.IsFinite(FrequencyPenalty), nameof(FrequencyPenalty), FrequencyPenalty, "a finite number");
        Require(float.IsFinite(PresencePenalty), nameof(PresencePenalty), PresencePenalty, "a finite number");
        Require(PenaltyWindow >= 0, nameof(PenaltyWindow), PenaltyWindow, "0 or more");
        Require(TopLogProbabilities is null or (>= 0 and <= MostLogProbabilities), nameof(TopLogProbabilities), TopLogProbabilities ?? 0, "0 to 20, or null for none");
        foreach (var (token, bias) in LogitBias ?? new Dictionary<int, float>())
        {
            RequireToken(nameof(LogitBias), token, vocabulary);
            Require(float.IsFinite(bias), $"{nameof(LogitBias)} of token {token}", bias, $"a finite number; name the token in {nameof(ForbiddenTokens)} to forbid it");
        }
        foreach (var token in ForbiddenTokens ?? [])
            RequireToken(nameof(ForbiddenTokens), token, vocabulary);
    }

    private static void RequireToken(string name, int token, int vocabulary)
    {
        if ((uint)token >= (uint)vocabulary)
            throw new LlamaException(LlamaError.InvalidRequest, $"{name} names token {token}, which is not in the model's vocabulary: its tokens are 0 to {vocabulary - 1}.");
    }

    private static void Require(bool holds, string name, float value, string range)
    {
        if (!holds)
            throw new LlamaException(LlamaError.InvalidRequest, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}: it must be {range}."));
    }
}
