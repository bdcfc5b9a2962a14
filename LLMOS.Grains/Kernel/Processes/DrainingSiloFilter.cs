using Orleans.Placement;

namespace LLMOS.Kernel.Processes;

/// <summary>Keeps grains off silos that drain, while there are others. Its director is the host's.</summary>
public sealed class DrainingSiloFilter : PlacementFilterStrategy
{
    public DrainingSiloFilter()
        : base(order: 0)
    {
    }
}
