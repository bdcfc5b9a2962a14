using System.Collections.Immutable;

namespace LLMOS.Cognition.Inference;

/// <summary>How tokens are chosen.</summary>
[GenerateSerializer, Immutable, Alias("llmos.sampling")]
public sealed record SamplingOptions
{
    /// <summary>0 for greedy; higher is more random.</summary>
    [Id(0)] public float Temperature { get; init; } = 0.7f;

    /// <summary>Keep so many of the likeliest tokens; 0 for all.</summary>
    [Id(1)] public int TopK { get; init; } = 40;

    /// <summary>Keep the likeliest tokens up to this share of probability, 0 to 1.</summary>
    [Id(2)] public float TopP { get; init; } = 0.95f;

    /// <summary>Keep tokens at least so likely, relative to the likeliest; 0 for all.</summary>
    [Id(3)] public float MinP { get; init; }

    [Id(4)] public ulong Seed { get; init; }

    /// <summary>A GBNF grammar that the text has to follow; empty for none.</summary>
    [Id(5)] public string Grammar { get; init; } = "";

    /// <summary>Texts that end the generation and are not part of it.</summary>
    [Id(6)] public string[] Stop { get; init; } = [];

    /// <summary>Keeps generating when the model would end; for benchmarks.</summary>
    [Id(7)] public bool IgnoreEndOfSequence { get; init; }

    /// <summary>The grammar's rule to begin with.</summary>
    [Id(8)] public string GrammarRoot { get; init; } = "root";

    /// <summary>A JSON schema that the text has to fit, instead of a grammar; empty for none.</summary>
    [Id(9)] public string JsonSchema { get; init; } = "";

    /// <summary>Divides the logits of tokens seen in the penalty window; 1 for none.</summary>
    [Id(10)] public float RepeatPenalty { get; init; } = 1;

    /// <summary>Taken off a token's logit for each time it was seen in the penalty window; 0 for none.</summary>
    [Id(11)] public float FrequencyPenalty { get; init; }

    /// <summary>Taken off a token's logit once if it was seen in the penalty window; 0 for none.</summary>
    [Id(12)] public float PresencePenalty { get; init; }

    /// <summary>The last so many tokens of prompt and answer count for the penalties.</summary>
    [Id(13)] public int PenaltyWindow { get; init; } = 64;

    /// <summary>Added to the logits of tokens, by their numbers in the model's vocabulary.</summary>
    [Id(14)] public ImmutableDictionary<int, float> LogitBias { get; init; } = ImmutableDictionary<int, float>.Empty;

    /// <summary>Tokens that are never chosen, by their numbers in the model's vocabulary.</summary>
    [Id(15)] public ImmutableArray<int> ForbiddenTokens { get; init; } = [];

    /// <summary>Tells how likely each token was, and so many of the likeliest in its place, 0 to 20; null for nothing of it.</summary>
    [Id(16)] public int? TopLogProbabilities { get; init; }
}
