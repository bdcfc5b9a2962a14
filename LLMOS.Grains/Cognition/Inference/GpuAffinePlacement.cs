namespace LLMOS.Cognition.Inference;

/// <summary>
/// Places inference grains where devices are: on silos that advertise one, those that hold the model first, then by
/// power-of-two choices over queue and free memory. Its director is the host's.
/// </summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("llmos.gpu-affine-placement")]
public sealed class GpuAffinePlacement : PlacementStrategy
{
    internal static GpuAffinePlacement Instance { get; } = new();
}
