using LLMOS.Inference.Planning;

namespace LLMOS.Inference;

/// <summary>What an engine is asked to generate.</summary>
public sealed record GenerationRequest
{
    /// <summary>Whose sequence it is (a process). Its KV stays after the turn and the next request of the same key reuses it; null for nobody's, whose KV goes at once.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// The security domain, such as the user, within which KV is shared: the request may use what any sequence of the domain has computed, and they what it computes.
    /// Null to share with nobody but its own key and that key's forks.
    /// </summary>
    public string? Domain { get; init; }

    /// <summary>Further domains whose KV it may use, as one who may read their contexts; what it computes itself stays in its own.</summary>
    public IReadOnlyList<string> ReadableDomains { get; init; } = [];

    /// <summary>The whole prompt; at least one token.</summary>
    public required ReadOnlyMemory<int> PromptTokens { get; init; }

    /// <summary>Most tokens to generate; at least 1.</summary>
    public required int MaxTokens { get; init; }

    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>A GBNF grammar that the text has to follow; null or empty for none.</summary>
    public string? Grammar { get; init; }

    /// <summary>The grammar's rule to begin with.</summary>
    public string GrammarRoot { get; init; } = "root";

    /// <summary>Texts that end the generation and are not part of it.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>The scheduling class, for the step planner.</summary>
    public SequenceClass Class { get; init; } = SequenceClass.Normal;

    /// <summary>0 (highest) to 19, for the step planner.</summary>
    public int Priority { get; init; } = 10;

    /// <summary>The share among equals, for the step planner; positive.</summary>
    public double Weight { get; init; } = 1;
}
