using Orleans.Placement;

namespace LLMOS.Cognition.Inference;

/// <summary>Has the grains of a class placed by <see cref="GpuAffinePlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GpuAffinePlacementAttribute : PlacementAttribute
{
    public GpuAffinePlacementAttribute()
        : base(GpuAffinePlacement.Instance)
    {
    }
}
