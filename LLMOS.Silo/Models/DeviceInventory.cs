namespace LLMOS.Silo.Models;

/// <summary>The devices that this silo offers.</summary>
internal sealed class DeviceInventory
{
    /// <exception cref="LlmosException">A device that is listed is not there.</exception>
    public DeviceInventory(DeviceSelection selection, IDeviceProbe probe)
    {
        if (selection is { IsAuto: false, Listed.IsEmpty: true })
        {
            Slots = [];
            return;
        }

        var found = probe.Find();
        Slots = selection.IsAuto
            ? [.. OfferedByDefault(found).Select(device => new DeviceSlot(device, () => probe.ReadMemory(device.Backend)))]
            : [.. selection.Listed.Select(device => new DeviceSlot(Check(device, found), () => probe.ReadMemory(device.Backend)))];
    }

    public IReadOnlyList<DeviceSlot> Slots { get; }

    private static IEnumerable<DeviceDefinition> OfferedByDefault(IReadOnlyList<DeviceDefinition> found)
    {
        var gpus = found.Where(device => device.IsGpu).ToArray();
        return gpus.Length > 0 ? gpus : found;
    }

    private static DeviceDefinition Check(DeviceDefinition listed, IReadOnlyList<DeviceDefinition> found) =>
        found.Any(device => device.Backend == listed.Backend)
            ? listed
            : throw LlmosException.InvalidArgument($"The device '{listed.Backend}' is not on this machine, which has {string.Join(", ", found.Select(device => device.Backend))}: name one of these with --devices, or use --devices auto.");
}
