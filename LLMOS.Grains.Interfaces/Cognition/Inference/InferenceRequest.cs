using System.Collections.Immutable;
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
}
