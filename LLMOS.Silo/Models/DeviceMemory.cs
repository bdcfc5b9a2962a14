namespace LLMOS.Silo.Models;

/// <summary>The memory of a device, in bytes.</summary>
internal readonly record struct DeviceMemory(long Free, long Total);
