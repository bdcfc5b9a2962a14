namespace LLMOS.Silo.Models;

/// <summary>Finds the devices of this machine.</summary>
internal interface IDeviceProbe
{
    /// <summary>All of them, the CPU included.</summary>
    IReadOnlyList<DeviceDefinition> Find();

    DeviceMemory ReadMemory(string backend);
}
