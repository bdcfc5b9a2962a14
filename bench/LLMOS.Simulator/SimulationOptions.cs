using LLMOS.Inference.Planning;
using LLMOS.Simulator.Devices;

namespace LLMOS.Simulator;

/// <summary>What a trace is run on.</summary>
internal sealed record SimulationOptions
{
    public int Devices { get; init; } = 1;

    public DeviceShape Shape { get; init; } = new();

    public DeviceCosts Costs { get; init; } = new();

    public PlannerOptions Planner { get; init; } = new();

    /// <summary>For the choices of devices.</summary>
    public int Seed { get; init; } = 1;
}
