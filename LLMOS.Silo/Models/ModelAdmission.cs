using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Models;

/// <summary>What a silo says when it cannot take a replica.</summary>
internal static class ModelAdmission
{
    /// <summary>The silo that looks able to take it: one that holds the model, or one with room; the least busy of them.</summary>
    public static SiloAddress? Suggest(string model, long need, IEnumerable<DeviceReport> others)
    {
        var devices = others.ToArray();
        var anyGpu = devices.Any(device => device.IsGpu);
        return devices
            .Where(device => !anyGpu || device.IsGpu)
            .Where(device => Holds(device, model) || device.MemoryFree >= need)
            .OrderByDescending(device => Holds(device, model))
            .ThenBy(device => device.Load.Active + device.Load.Waiting)
            .ThenByDescending(device => device.MemoryFree)
            .FirstOrDefault()?.Silo;
    }

    public static string Explain(string model, LocalEngineSource source, IReadOnlyList<DeviceRoom> devices)
    {
        var need = $"The model '{model}' needs {ByteSize.Format(source.MemoryBytes)} ({ByteSize.Format(source.WeightBytes)} of weights and {ByteSize.Format(source.CacheBytes)} for {source.ContextCells} cells of context)";
        return devices.Count == 0
            ? $"{need} and this silo offers no device: start it with --devices auto, or use a silo that has one."
            : $"{need} and this silo has too little free: {string.Join(", ", devices.Select(Describe))}. Use a smaller model, fewer cells (--context), or end what uses the memory.";
    }

    private static string Describe(DeviceRoom room) => room.Holders.Count == 0
        ? $"{room.Device} {ByteSize.Format(room.Free)}"
        : $"{room.Device} {ByteSize.Format(room.Free)}, where {string.Join(" and ", room.Holders.Select(holder => $"'{holder.Model}' holds {ByteSize.Format(holder.Bytes)} for {holder.Uses} {(holder.Uses == 1 ? "request" : "requests")}"))}";

    private static bool Holds(DeviceReport device, string model) => device.Models.Any(loaded => loaded.Name == model);
}
