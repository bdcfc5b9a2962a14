using Orleans.Runtime.Services;

namespace LLMOS.Silo.Placement;

/// <summary>Reaches the <see cref="IDeviceGossip"/> of other silos.</summary>
internal sealed class DeviceGossipClient(IServiceProvider services) : GrainServiceClient<IDeviceGossip>(services)
{
    public IDeviceGossip Of(SiloAddress silo) => GetGrainService(silo);
}
