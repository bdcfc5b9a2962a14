namespace LLMOS.Kernel.Resources;

/// <summary>What a process holds of the machine.</summary>
/// <param name="GpuUnits">Device slots; fractions where a slot is shared.</param>
/// <param name="MemoryMB">Memory of its context and KV, in MiB.</param>
/// <param name="DiskMB">Stored bytes of its regions, in MiB.</param>
[GenerateSerializer, Immutable, Alias("llmos.process-resources")]
public readonly record struct ProcessResources(
    [property: Id(0)] double GpuUnits,
    [property: Id(1)] double MemoryMB,
    [property: Id(2)] double DiskMB);
