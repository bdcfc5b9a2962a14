using LLMOS.Cognition.Inference;
using LLMOS.Kernel.Scheduling;

namespace LLMOS.Silo.Models;

/// <summary>
/// A model of a device slot, from the moment that it is promised the memory. It may leave the memory and come back while replicas have it. Guarded by the lock of its <see cref="ModelHost"/>.
/// </summary>
internal sealed class LoadedEngine
{
    private readonly Dictionary<string, int> _leases = new(StringComparer.Ordinal);
    private readonly TimeSpan _keepAlive;

    public LoadedEngine(ModelHost host, EngineSource source, DeviceSlot? slot, long memoryBytes, TimeSpan keepAlive)
    {
        Source = source;
        Slot = slot;
        MemoryBytes = memoryBytes;
        KeepAlive = _keepAlive = keepAlive;
        Engine = new HostedEngine(host, this);
    }

    public EngineSource Source { get; }

    /// <summary>The slot; null for a remote model, which has none.</summary>
    public DeviceSlot? Slot { get; }

    /// <summary>What it takes of the slot's memory while it is resident.</summary>
    public long MemoryBytes { get; }

    /// <summary>What replicas see of it, whether it is resident or not.</summary>
    public HostedEngine Engine { get; }

    /// <summary>Its loading; null while it is not in memory.</summary>
    public Task<IModelEngine>? Loading { get; set; }

    public bool IsResident => Loading is not null;

    public bool IsLoaded => Loading is { IsCompletedSuccessfully: true };

    /// <summary>Whether it is of no use any more: it did not load, or broke down since.</summary>
    public bool HasFailed => Loading is { } loading && (loading.IsFaulted || loading.IsCanceled || (IsLoaded && loading.Result.Failure is not null));

    /// <summary>Whether it could be unloaded: nobody waits for it and no request is under way.</summary>
    public bool IsIdle => IsLoaded && Uses == 0;

    public long MemoryHeld => IsResident ? MemoryBytes : 0;

    public int Leases { get; private set; }

    /// <summary>Requests under way, and admissions that wait for it.</summary>
    public int Uses { get; private set; }

    /// <summary>When the last use began or ended, on the clock of <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long LastUse { get; private set; }

    /// <summary>The priority of the last request.</summary>
    public ProcessPriority Priority { get; private set; } = ProcessPriority.Default;

    /// <summary>How long it stays after its last request; negative for ever.</summary>
    public TimeSpan KeepAlive { get; private set; }

    /// <summary>What it calls itself.</summary>
    public string Name => Source is LocalEngineSource local ? local.Name : Source.Id;

    /// <summary>The names it was asked for by, each with its leases.</summary>
    public IEnumerable<KeyValuePair<string, int>> Names => _leases;

    public int LeasesOf(string name) => _leases.GetValueOrDefault(name);

    public void Take(string name)
    {
        _leases[name] = LeasesOf(name) + 1;
        Leases++;
    }

    public void GiveBack(string name)
    {
        _leases[name] = LeasesOf(name) - 1;
        Leases--;
    }

    public void BeginUse(long now)
    {
        Uses++;
        LastUse = now;
    }

    public void EndUse(long now)
    {
        Uses--;
        LastUse = now;
    }

    /// <summary>What a request says of itself.</summary>
    /// <param name="priority">Its priority.</param>
    /// <param name="keepAlive">How long the model is to stay after it; null for what is configured.</param>
    public void Note(ProcessPriority priority, TimeSpan? keepAlive) => (Priority, KeepAlive) = (priority, keepAlive ?? _keepAlive);
}
