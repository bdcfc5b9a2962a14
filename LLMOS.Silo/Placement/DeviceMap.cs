using System.Collections.Concurrent;
using LLMOS.Kernel.Resources;

namespace LLMOS.Silo.Placement;

/// <summary>
/// The devices of the cluster as this silo heard of them. Reports older than <see cref="Freshness"/> by this silo's
/// clock are left out; so are those of silos that drain or are gone.
/// </summary>
public sealed class DeviceMap(TimeProvider time) : IDeviceMap
{
    /// <summary>How long a report counts: ten of the intervals that silos report in.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<SiloAddress, Entry> _silos = new();

    public IReadOnlyCollection<DeviceReport> Devices =>
        [.. _silos.Values.Where(entry => IsFresh(entry) && !entry.Report.IsDraining).SelectMany(entry => entry.Report.Devices)];

    /// <summary>Whether the silo was heard of lately; one without a device says that too.</summary>
    public bool Knows(SiloAddress silo) => _silos.TryGetValue(silo, out var entry) && IsFresh(entry);

    /// <summary>Whether the silo has said that it drains.</summary>
    public bool IsDraining(SiloAddress silo) => _silos.TryGetValue(silo, out var entry) && entry.Report.IsDraining;

    /// <summary>Takes a report, unless a newer one of that silo came before it.</summary>
    public void Update(SiloDevices report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var entry = new Entry(report, time.GetTimestamp());
        _silos.AddOrUpdate(
            report.Silo,
            static (_, newer) => newer,
            static (_, old, newer) => old.Report.Sequence < newer.Report.Sequence ? newer : old,
            entry);
    }

    public void Remove(SiloAddress silo) => _silos.TryRemove(silo, out _);

    private bool IsFresh(Entry entry) => time.GetElapsedTime(entry.ReceivedAt) <= Freshness;

    private sealed record Entry(SiloDevices Report, long ReceivedAt);
}
