using LLMOS.Cognition.Inference;

namespace LLMOS.Silo.Models;

/// <summary>A model on a device slot, from the moment that it is promised the memory. Guarded by the lock of its <see cref="ModelHost"/>.</summary>
internal sealed class LoadedEngine(EngineSource source, DeviceSlot? slot, long memoryBytes)
{
    private readonly Dictionary<string, int> _leases = new(StringComparer.Ordinal);

    public EngineSource Source { get; } = source;

    /// <summary>The slot; null for a remote model, which has none.</summary>
    public DeviceSlot? Slot { get; } = slot;

    public long MemoryBytes { get; } = memoryBytes;

    public required Task<IModelEngine> Loading { get; init; }

    public bool IsLoaded => Loading.IsCompletedSuccessfully;

    /// <summary>Whether it is of no use any more: it did not load, or broke down since.</summary>
    public bool HasFailed => Loading.IsFaulted || Loading.IsCanceled || (IsLoaded && Loading.Result.Failure is not null);

    public int Leases { get; private set; }

    /// <summary>When the last lease was given back, on the clock of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long IdleSince { get; private set; }

    /// <summary>The names it was asked for by, each with its leases.</summary>
    public IEnumerable<KeyValuePair<string, int>> Names => _leases;

    public int LeasesOf(string name) => _leases.GetValueOrDefault(name);

    public void Take(string name)
    {
        _leases[name] = LeasesOf(name) + 1;
        Leases++;
    }

    public void GiveBack(string name, long now)
    {
        _leases[name] = LeasesOf(name) - 1;
        Leases--;
        IdleSince = now;
    }
}
