using Orleans.Placement;

namespace LLMOS.Kernel.Processes;

/// <summary>Has the grains of a class placed by <see cref="DrainingSiloFilter"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class AvoidsDrainingSilosAttribute() : PlacementFilterAttribute(new DrainingSiloFilter());
