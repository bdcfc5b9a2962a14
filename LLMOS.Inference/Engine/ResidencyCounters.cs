using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Engine;

/// <summary>What the owner thread counts of KV that moves. It alone writes; anyone may read a moment's numbers.</summary>
internal sealed class ResidencyCounters
{
    private readonly long[] _fallbacks = new long[Enum.GetValues<SwapFallback>().Length];
    private long _shared;
    private long _recomputed;
    private long _faults;
    private long _forks;
    private long _preemptions;
    private long _spills;
    private long _bytesOut;
    private long _bytesIn;
    private long _bytesWaiting;
    private int _retained;
    private int _hostCells;
    private int _diskCells;
    private double _prefillRate;
    private double _hostRate;
    private double _diskRate;
    private string? _lastProblem;

    public void Share(int tokens) => Volatile.Write(ref _shared, _shared + tokens);

    /// <summary>KV was not where it should have been, and so many tokens of it are computed again.</summary>
    public void Fault(int recomputed)
    {
        Volatile.Write(ref _faults, _faults + 1);
        Volatile.Write(ref _recomputed, _recomputed + recomputed);
    }

    public void Fork() => Volatile.Write(ref _forks, _forks + 1);

    public void Preempt() => Volatile.Write(ref _preemptions, _preemptions + 1);

    public void Spill() => Volatile.Write(ref _spills, _spills + 1);

    public void Save(long bytes) => Volatile.Write(ref _bytesOut, _bytesOut + bytes);

    public void Restore(long bytes) => Volatile.Write(ref _bytesIn, _bytesIn + bytes);

    /// <param name="reason">Why.</param>
    /// <param name="problem">A sentence when something is wrong.</param>
    public void FallBack(SwapFallback reason, string? problem)
    {
        Volatile.Write(ref _fallbacks[(int)reason], _fallbacks[(int)reason] + 1);
        if (problem is not null)
            Volatile.Write(ref _lastProblem, problem);
    }

    public void Hold(int retained, StateStore store, SwapCost cost)
    {
        Volatile.Write(ref _retained, retained);
        Volatile.Write(ref _hostCells, store.HostCellsUsed);
        Volatile.Write(ref _diskCells, store.DiskCellsUsed);
        Volatile.Write(ref _bytesWaiting, store.BytesWaiting);
        Volatile.Write(ref _prefillRate, cost.PrefillTokensPerSecond ?? 0);
        Volatile.Write(ref _hostRate, cost.RestoreBytesPerSecond(StateTier.Host) ?? 0);
        Volatile.Write(ref _diskRate, cost.RestoreBytesPerSecond(StateTier.Disk) ?? 0);
    }

    public ResidencyStatistics Snapshot()
    {
        var fallbacks = new Dictionary<SwapFallback, long>();
        foreach (var reason in Enum.GetValues<SwapFallback>())
        {
            if (Volatile.Read(ref _fallbacks[(int)reason]) is > 0 and var times)
                fallbacks.Add(reason, times);
        }
        return new ResidencyStatistics
        {
            SharedPromptTokens = Volatile.Read(ref _shared),
            RecomputedTokens = Volatile.Read(ref _recomputed),
            Faults = Volatile.Read(ref _faults),
            Forks = Volatile.Read(ref _forks),
            Preemptions = Volatile.Read(ref _preemptions),
            Spills = Volatile.Read(ref _spills),
            BytesOut = Volatile.Read(ref _bytesOut),
            BytesIn = Volatile.Read(ref _bytesIn),
            RetainedPrefixes = Volatile.Read(ref _retained),
            HostCellsUsed = Volatile.Read(ref _hostCells),
            DiskCellsUsed = Volatile.Read(ref _diskCells),
            BytesWaiting = Volatile.Read(ref _bytesWaiting),
            Fallbacks = fallbacks,
            LastProblem = Volatile.Read(ref _lastProblem),
            PrefillTokensPerSecond = Volatile.Read(ref _prefillRate),
            HostBytesPerSecond = Volatile.Read(ref _hostRate),
            DiskBytesPerSecond = Volatile.Read(ref _diskRate),
        };
    }
}
