using Orleans.Concurrency;
using Orleans.Services;

namespace LLMOS.Silo.Placement;

/// <summary>The service of each silo that hears and tells of devices.</summary>
[Alias("llmos.IDeviceGossip")]
public interface IDeviceGossip : IGrainService
{
    /// <summary>Hears a report. One that is lost is made good by the next.</summary>
    [Alias("Report"), OneWay]
    Task ReportAsync(SiloDevices devices);

    /// <summary>Hears a report that must not be lost: that a silo drains.</summary>
    [Alias("Tell"), ResponseTimeout("00:00:02")]
    Task TellAsync(SiloDevices devices);

    /// <summary>Tells of this silo's devices: for a silo that has not heard of them yet.</summary>
    [Alias("Get"), ResponseTimeout("00:00:02")]
    Task<SiloDevices> GetAsync();
}
