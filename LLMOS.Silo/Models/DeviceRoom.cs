namespace LLMOS.Silo.Models;

/// <summary>What a device could give a model, and what keeps it from giving more.</summary>
/// <param name="Device">The device's name.</param>
/// <param name="Free">Bytes that are free, or that idle models would give back.</param>
/// <param name="Holders">The models that hold the rest.</param>
internal readonly record struct DeviceRoom(string Device, long Free, IReadOnlyList<MemoryHolder> Holders);
