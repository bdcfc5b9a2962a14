using System.Collections.Immutable;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Kernel.Processes;
using LLMOS.Kernel.Resources;

namespace LLMOS.SystemInterface.Activity;

/// <summary>The system at a moment: what <c>top</c> and the dashboard show.</summary>
[GenerateSerializer, Immutable, Alias("llmos.system-activity")]
public sealed record SystemActivity
{
    [Id(0)] public required DateTimeOffset At { get; init; }

    /// <summary>Processes that have not ended, in the order of their PIDs.</summary>
    [Id(1)] public ImmutableArray<ProcessControlBlock> Processes { get; init; } = [];

    [Id(2)] public ImmutableArray<EngineReport> Engines { get; init; } = [];

    [Id(3)] public ImmutableArray<SiloMemory> Memory { get; init; } = [];

    [Id(4)] public ImmutableArray<DeviceReport> Devices { get; init; } = [];
}
