using LLMOS.Client.Watching;
using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Memory.Paging;
using LLMOS.Silo.Http.Vapi;

namespace LLMOS.Silo.Http.Live;

/// <summary>What changed since the version before, or all there is.</summary>
internal sealed record BoardUpdate
{
    public required long Version { get; init; }

    public required DateTimeOffset At { get; init; }

    public required BoardHeader Header { get; init; }

    /// <summary>Processes that are new or have changed.</summary>
    public required IReadOnlyList<ProcessActivity> Rows { get; init; }

    /// <summary>PIDs of processes that have ended.</summary>
    public required IReadOnlyList<long> Gone { get; init; }

    /// <summary>Slices of the scheduler that are new or have grown.</summary>
    public required IReadOnlyList<BoardSlice> Slices { get; init; }

    public required IReadOnlyList<EngineReport> Engines { get; init; }

    public required IReadOnlyList<SiloMemory> Memory { get; init; }

    public required IReadOnlyList<DeviceView> Devices { get; init; }
}
