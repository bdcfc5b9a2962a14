namespace LLMOS.Silo.Models;

/// <summary>A device that this silo offers, and what is promised of its memory. Guarded by the lock of its <see cref="ModelHost"/>.</summary>
internal sealed class DeviceSlot(DeviceDefinition definition, Func<DeviceMemory> probe)
{
    public DeviceDefinition Definition { get; } = definition;

    public List<LoadedEngine> Engines { get; } = [];

    public long MemoryTotal => Definition.MemoryBytes > 0 ? Definition.MemoryBytes : probe().Total;

    /// <summary>What a further model may take: neither promised to another nor used by anything else on the machine.</summary>
    public long MemoryFree
    {
        get
        {
            var live = probe();
            var promised = Engines.Sum(engine => engine.MemoryHeld);
            var notYetTaken = Engines.Where(engine => !engine.IsLoaded).Sum(engine => engine.MemoryHeld);
            var limit = Definition.MemoryBytes > 0 ? Definition.MemoryBytes : live.Total;
            return Math.Max(0, Math.Min(limit - promised, live.Free - notYetTaken));
        }
    }

    /// <summary>What models without a request would give back.</summary>
    public long Reclaimable => Engines.Where(engine => engine.IsIdle).Sum(engine => engine.MemoryHeld);

    public int Leases => Engines.Sum(engine => engine.Leases);
}
