using System.Collections.Immutable;
using LLMOS.Kernel.Resources;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Cognition.Inference;

/// <summary>What a process asks an inference grain to generate.</summary>
[GenerateSerializer, Immutable, Alias("llmos.inference-request")]
public sealed record InferenceRequest
{
    /// <summary>The process that thinks. Its KV stays in the engine after the turn and is found again by its PID.</summary>
    [Id(0)] public required long Pid { get; init; }

    [Id(1)] public required ImmutableArray<PromptMessage> Messages { get; init; }

    /// <summary>Most tokens to generate; must be positive.</summary>
    [Id(2)] public required int MaxTokens { get; init; }

    [Id(3)] public SamplingOptions Sampling { get; init; } = new();

    [Id(4)] public ProcessPriority Priority { get; init; } = ProcessPriority.Default;

    /// <summary>How long the model is to stay in memory after this request when nothing else wants the room: zero for not at all, negative for ever; null for what is configured.</summary>
    [Id(20)] public TimeSpan? KeepAlive { get; init; }

    /// <summary>The LoRA adapters to think with; empty for the plain model. Another set than last time computes the prompt anew.</summary>
    [Id(21)] public ImmutableArray<AdapterSelection> Adapters { get; init; } = [];
}
