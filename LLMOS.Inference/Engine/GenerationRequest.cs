using LLMOS.Inference.Grammars.JsonSchema;
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

    /// <summary>
    /// What an earlier generation of the same request had come to, in order: the answer goes on behind them as if it had never been broken off. They are computed with the prompt and
    /// not sampled again; <see cref="GenerationHandle.Emitted"/> has their texts.
    /// </summary>
    public ReadOnlyMemory<int> Emitted { get; init; }

    /// <summary>Most tokens of the answer, those of <see cref="Emitted"/> among them; at least 1.</summary>
    public required int MaxTokens { get; init; }

    public SamplingParameters Sampling { get; init; } = new();

    /// <summary>A GBNF grammar that the text has to follow; null or empty for none.</summary>
    public string? Grammar { get; init; }

    /// <summary>A JSON schema that the text has to fit, instead of a grammar; null or empty for none. See <see cref="JsonSchemaGrammar"/> for what may be in it.</summary>
    public string? JsonSchema { get; init; }

    /// <summary>How the schema becomes a grammar; null for the defaults.</summary>
    public JsonSchemaGrammarOptions? JsonSchemaOptions { get; init; }

    /// <summary>The grammar's rule to begin with.</summary>
    public string GrammarRoot { get; init; } = "root";

    /// <summary>Texts that end the generation and are not part of it.</summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>
    /// Whether tokens that are likely, because the answer repeats what the sequence says already or a grammar leaves one text, may be computed before they are sampled. It changes no token. Engines can be told
    /// not to: <see cref="EngineOptions.DraftTokens"/>.
    /// </summary>
    public bool Speculate { get; init; } = true;

    /// <summary>
    /// The adapters that it is computed with, at most 8; empty for the plain model. A step computes one set of them, and no KV is shared across sets: a key that comes back with
    /// another set leaves its KV behind.
    /// </summary>
    public IReadOnlyList<AdapterUse> Adapters { get; init; } = [];

    /// <summary>0 (highest) to 19, for the step planner.</summary>
    public int Priority { get; init; } = SchedulingClass.DefaultPriority;

    /// <summary>The scheduling class, for the step planner; null for that of <see cref="Priority"/>.</summary>
    public SequenceClass? Class { get; init; }

    /// <summary>The share beside others of the same priority, for the step planner; positive.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Weighted tokens (prefill 1, decode 2) in each window of steps that a REALTIME request is served before all others; null for the engine's default.</summary>
    public int? Reservation { get; init; }

    /// <summary>The process tree that its service counts for, for the policy plas; null for that of its key alone.</summary>
    public string? Tree { get; init; }
}
