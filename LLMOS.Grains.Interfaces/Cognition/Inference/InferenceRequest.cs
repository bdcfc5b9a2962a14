using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;
using LLMOS.Kernel.Security;

namespace LLMOS.Cognition.Inference;

/// <summary>What a process asks an inference grain to generate.</summary>
[GenerateSerializer, Immutable, Alias("llmos.inference-request")]
public sealed record InferenceRequest : IConcernsProcess
{
    /// <summary>The process that thinks. Its KV stays in the engine after the turn and is found again by its PID.</summary>
    [Id(0)] public required long Pid { get; init; }

    long? IConcernsProcess.ConcernedPid => Pid;

    [Id(1)] public required ImmutableArray<PromptMessage> Messages { get; init; }

    /// <summary>Most tokens to generate; must be positive.</summary>
    [Id(2)] public required int MaxTokens { get; init; }

    [Id(3)] public SamplingOptions Sampling { get; init; } = new();

    [Id(4)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>The root of its process tree, whose service the policy <c>plas</c> counts together; 0 for a tree of its own.</summary>
    [Id(5)] public long Tree { get; init; }

    /// <summary>The security domain within which KV is shared; empty to share with nobody but its own forks.</summary>
    [Id(6)] public string Domain { get; init; } = "";

    /// <summary>Further domains whose KV it may use, because it may read their contexts.</summary>
    [Id(7)] public ImmutableArray<string> ReadableDomains { get; init; } = [];

    /// <summary>Weighted tokens (prefill 1, decode 2) in each window of steps that a REALTIME process is served before all others; null for the engine's default.</summary>
    [Id(8)] public int? Reservation { get; init; }

    /// <summary>The share beside others of the same priority; positive.</summary>
    [Id(9)] public double Weight { get; init; } = 1;

    /// <summary>The functions that the model may call.</summary>
    [Id(10)] public ImmutableArray<ToolDeclaration> Tools { get; init; } = [];

    [Id(11)] public ToolChoice ToolChoice { get; init; }

    /// <summary>The one function that <see cref="ToolChoice.Required"/> wants called; empty for any of them.</summary>
    [Id(12)] public string RequiredTool { get; init; } = "";

    /// <summary>Whether the texts of the messages are the prompt as it stands, without the model's chat template.</summary>
    [Id(13)] public bool IsRaw { get; init; }

    /// <summary>How long the model is to stay in memory after this request when nothing else wants the room: zero for not at all, negative for ever; null for what is configured.</summary>
    [Id(20)] public TimeSpan? KeepAlive { get; init; }

    /// <summary>The LoRA adapters to think with; empty for the plain model. Another set than last time computes the prompt anew.</summary>
    [Id(21)] public ImmutableArray<AdapterSelection> Adapters { get; init; } = [];

    /// <summary>Whether the pieces name their tokens (<see cref="InferenceChunk.TokenIds"/>), so that the answer can be gone on with. A server's model cannot.</summary>
    [Id(30)] public bool NamesTokens { get; init; }

    /// <summary>The tokens that an earlier answer to the same request had come to: this one goes on behind them, and gives none of them again. They count in <see cref="MaxTokens"/>.</summary>
    [Id(31)] public ImmutableArray<int> Emitted { get; init; } = [];

    /// <summary>The W3C trace context of the turn that asks; empty for none.</summary>
    [Id(40)] public string TraceParent { get; init; } = "";
}
