namespace LLMOS.Kernel.Resources;

/// <summary>What a process holds of the machine.</summary>
/// <param name="GpuUnits">Device slots that it asks for; fractions where a slot is shared.</param>
/// <param name="MemoryMB">What waits in its mailbox, in MiB. Its KV is with its engine, and counted there.</param>
/// <param name="DiskMB">Kept for what is stored for it alone, in MiB; nothing counts that yet.</param>
[GenerateSerializer, Immutable, Alias("llmos.process-resources")]
public readonly record struct ProcessResources(
    [property: Id(0)] double GpuUnits,
    [property: Id(1)] double MemoryMB,
    [property: Id(2)] double DiskMB);
