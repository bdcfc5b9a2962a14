using LLMOS.Kernel.Processes;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace LLMOS.Silo.Placement;

/// <summary>Directs <see cref="DrainingSiloFilter"/> by what silos have said of themselves.</summary>
internal sealed class DrainingSiloFilterDirector(DeviceMap map) : IPlacementFilterDirector
{
    public IEnumerable<SiloAddress> Filter(PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        SiloAddress[] all = [.. silos];
        SiloAddress[] open = [.. all.Where(silo => !map.IsDraining(silo))];

        // A process on a silo that goes is better than none.
        return open.Length > 0 ? open : all;
    }
}
