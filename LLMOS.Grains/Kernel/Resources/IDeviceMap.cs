namespace LLMOS.Kernel.Resources;

/// <summary>The devices of the cluster as their silos last reported them; reading it asks nobody.</summary>
public interface IDeviceMap
{
    IReadOnlyCollection<DeviceReport> Devices { get; }
}
