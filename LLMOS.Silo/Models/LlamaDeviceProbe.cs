using LLMOS.Inference;

namespace LLMOS.Silo.Models;

/// <summary>The devices that llama.cpp finds on this machine.</summary>
internal sealed class LlamaDeviceProbe : IDeviceProbe
{
    public IReadOnlyList<DeviceDefinition> Find()
    {
        try
        {
            return
            [
                .. LlamaDevices.List()
                    .Where(device => device.Kind != LlamaDeviceKind.Accelerator)
                    .Select(device => new DeviceDefinition { Name = device.Name, Backend = device.Name, IsGpu = device.Kind != LlamaDeviceKind.Cpu }),
            ];
        }
        catch (LlamaException exception)
        {
            throw LlamaErrors.Translate(exception);
        }
    }

    public DeviceMemory ReadMemory(string backend)
    {
        var device = LlamaDevices.List().FirstOrDefault(device => device.Name == backend);
        return device is null or { Kind: LlamaDeviceKind.Cpu } ? HostMemory.Read() : new DeviceMemory(device.MemoryFree, device.MemoryTotal);
    }
}
