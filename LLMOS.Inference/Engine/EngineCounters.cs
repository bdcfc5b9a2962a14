using System.Diagnostics;

namespace LLMOS.Inference.Engine;

/// <summary>What the owner thread counts. It alone writes; anyone may read a moment's numbers.</summary>
internal sealed class EngineCounters
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(1);

    private long _steps;
    private long _decoded;
    private long _prefilled;
    private long _forced;
    private long _drafted;
    private long _accepted;
    private long _cached;
    private long _evictions;
    private long _swapsOut;
    private long _swapsIn;
    private long _embedded;
    private long _adapterSwitches;
    private long _served;
    private long _switches;
    private int _active;
    private int _waiting;
    private int _resident;
    private int _cellsUsed;
    private int _cellsReserved;
    private long _restarts;
    private string? _lastRestart;
    private double _rate;
    private TimeSpan _windowBusy;
    private long _windowTokens;

    public ResidencyCounters Residency { get; } = new();

    /// <summary>Steps that have begun.</summary>
    public long Steps => Volatile.Read(ref _steps);

    public void StepBegins() => Volatile.Write(ref _steps, _steps + 1);

    /// <summary>A step took so long and brought so many tokens.</summary>
    public void StepEnds(TimeSpan took, int generated, int prefilled)
    {
        Volatile.Write(ref _decoded, _decoded + generated);
        Volatile.Write(ref _prefilled, _prefilled + prefilled);
        _windowBusy += took;
        _windowTokens += generated;
        if (_windowBusy < RateWindow && Volatile.Read(ref _rate) > 0)
            return;
        Volatile.Write(ref _rate, _windowTokens / Math.Max(_windowBusy.TotalSeconds, 1.0 / Stopwatch.Frequency));
        if (_windowBusy < RateWindow)
            return;
        _windowBusy = TimeSpan.Zero;
        _windowTokens = 0;
    }

    /// <summary>Tokens came about otherwise than one by one.</summary>
    public void Speculate(int forced, int drafted, int accepted)
    {
        Volatile.Write(ref _forced, _forced + forced);
        Volatile.Write(ref _drafted, _drafted + drafted);
        Volatile.Write(ref _accepted, _accepted + accepted);
    }

    public void Admit(int cached) => Volatile.Write(ref _cached, _cached + cached);

    public void Evict() => Volatile.Write(ref _evictions, _evictions + 1);

    public void SwapOut() => Volatile.Write(ref _swapsOut, _swapsOut + 1);

    public void SwapIn() => Volatile.Write(ref _swapsIn, _swapsIn + 1);

    /// <summary>A step had so many sequences, and some of them were not in the step before.</summary>
    public void Serve(int sequences, int switched)
    {
        Volatile.Write(ref _served, _served + sequences);
        Volatile.Write(ref _switches, _switches + switched);
    }

    public void SwitchAdapters() => Volatile.Write(ref _adapterSwitches, _adapterSwitches + 1);

    public void Embed(int texts) => Volatile.Write(ref _embedded, _embedded + texts);

    public void Restart(string why)
    {
        Volatile.Write(ref _lastRestart, why);
        Volatile.Write(ref _restarts, _restarts + 1);
    }

    public void Hold(int active, int waiting, int resident, int cellsUsed, int cellsReserved)
    {
        Volatile.Write(ref _active, active);
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _resident, resident);
        Volatile.Write(ref _cellsUsed, cellsUsed);
        Volatile.Write(ref _cellsReserved, cellsReserved);
    }

    public EngineStatistics Snapshot(int cellsTotal, int maxSequences, string? failure) => new()
    {
        ServedSequences = Volatile.Read(ref _served),
        ContextSwitches = Volatile.Read(ref _switches),
        MaxSequences = maxSequences,
        Steps = Volatile.Read(ref _steps),
        DecodedTokens = Volatile.Read(ref _decoded),
        ForcedTokens = Volatile.Read(ref _forced),
        DraftedTokens = Volatile.Read(ref _drafted),
        AcceptedTokens = Volatile.Read(ref _accepted),
        PrefilledTokens = Volatile.Read(ref _prefilled),
        CachedPromptTokens = Volatile.Read(ref _cached),
        Active = Volatile.Read(ref _active),
        Waiting = Volatile.Read(ref _waiting),
        Resident = Volatile.Read(ref _resident),
        CellsUsed = Volatile.Read(ref _cellsUsed),
        CellsReserved = Volatile.Read(ref _cellsReserved),
        CellsTotal = cellsTotal,
        Evictions = Volatile.Read(ref _evictions),
        SwapsOut = Volatile.Read(ref _swapsOut),
        SwapsIn = Volatile.Read(ref _swapsIn),
        Residency = Residency.Snapshot(),
        EmbeddedTexts = Volatile.Read(ref _embedded),
        AdapterSwitches = Volatile.Read(ref _adapterSwitches),
        TokensPerSecond = Volatile.Read(ref _rate),
        Restarts = Volatile.Read(ref _restarts),
        LastRestart = Volatile.Read(ref _lastRestart),
        Failure = failure,
    };
}
