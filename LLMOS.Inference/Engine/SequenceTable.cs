using System.Runtime.InteropServices;
using LLMOS.Inference.Adapters;
using LLMOS.Inference.KvCache;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>All sequences of an engine, by owner, and what a planner sees of them. Belongs to the owner thread.</summary>
internal sealed class SequenceTable : IDisposable
{
    private readonly string _model;
    private readonly EngineOptions _options;
    private readonly EngineCounters _counters;
    private readonly KvMemory _memory;
    private readonly StateStore _store;
    private readonly SwapCost _cost;
    private readonly SequenceSwapper _swapper;
    private readonly PrefixSharing _sharing;
    private readonly ServiceBook _service;
    private readonly Dictionary<string, Sequence> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SequenceHistory> _histories = new(StringComparer.Ordinal);
    private readonly List<Sequence> _sequences = [];
    private SequenceState[] _states = [];
    private long _arrivals;
    private long _described;
    private int _sets;

    public SequenceTable(LlamaModel model, DecodeContext context, EngineCounters counters, EngineOptions options, ServiceBook service, Action wake)
    {
        _model = model.Name;
        _options = options;
        _counters = counters;
        _service = service;
        _memory = new KvMemory(context, options, model);
        _store = new StateStore(
            options.HostCells,
            options.DiskCells,
            options.SpillFolder is { Length: > 0 } folder ? () => SpillFolder.Create(folder) : null,
            () => StateOrigin.Of(model, options.FullPrecisionAttention, options.KvLayout == KvLayout.Unified ? 1 : options.SequencesFor(model)),
            wake);
        _cost = new SwapCost(options.SwapInChoice);
        _swapper = new SequenceSwapper(_memory, _store, _cost, counters, _sequences);
        _sharing = new PrefixSharing(_memory, counters, options.MinimumSharedTokens);
    }

    /// <summary>In the order of the states that a planner is given; changes only between steps.</summary>
    public IReadOnlyList<Sequence> Sequences => _sequences;

    public KvMemory Memory => _memory;

    public SequenceSwapper Swapper => _swapper;

    public SwapCost Cost => _cost;

    public int FreeCells { get; private set; }

    /// <summary>The sequence that has to be seen alone before anything else is done; null in good times.</summary>
    public Sequence? Suspect { get; private set; }

    /// <summary>Cells' worth of saved KV that may be kept: all there is, since what is worth less makes room.</summary>
    public int SaveableCells => _cost.Saves ? _store.HostCells + _store.DiskCells : 0;

    /// <summary>Queues a request behind those of its key.</summary>
    public void Add(Generation generation)
    {
        generation.Arrival = ++_arrivals;
        var key = generation.Request.Key;
        if (key is null || !_byKey.TryGetValue(key, out var sequence))
            sequence = Open(key, new PrefixScope(_model, generation.Adapters.Key, generation.Request.Domain, generation.Request.Domain is null ? generation : null));
        if (sequence.Current is null)
            Begin(sequence, generation);
        else
            sequence.Next.Enqueue(generation);
    }

    /// <summary>Of some keys, the sequences whose requests have not begun: those with the least KV here first, and among equals the last to come.</summary>
    public IReadOnlyList<Sequence> NotBegun(IEnumerable<string> keys, int most) =>
    [
        .. keys.Select(Find).OfType<Sequence>()
            .Where(sequence => sequence is { IsAdmitted: false, Current.IsStarted: false })
            .OrderBy(sequence => sequence.Cached)
            .ThenByDescending(sequence => sequence.Current!.Arrival)
            .Take(most),
    ];

    /// <summary>Gives the requests of a key another priority, from the next step on. Returns whether there are any.</summary>
    public bool Reprioritise(string key, int priority)
    {
        if (Find(key) is not { Current: { } current } sequence)
            return false;
        _service.Reprioritise(sequence, current, priority);
        sequence.History.Rank(current);
        foreach (var next in sequence.Next)
            next.Priority = priority;
        return true;
    }

    public Sequence? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What all keys have come to.</summary>
    public IReadOnlyDictionary<string, SequenceStatistics> DescribeAll() => _histories.Keys.ToDictionary(key => key, key => Describe(key)!, StringComparer.Ordinal);

    /// <summary>What a key has come to; null when it is not known.</summary>
    public SequenceStatistics? Describe(string key)
    {
        var sequence = Find(key);
        if (sequence is null && !_histories.ContainsKey(key))
            return null;
        var history = sequence?.History ?? _histories[key];
        return new SequenceStatistics
        {
            Residency = sequence?.Residency ?? Residency.Cold,
            CachedTokens = sequence?.Cached ?? 0,
            SharedTokens = sequence?.Cells is { } cells ? cells.Count - cells.Own : 0,
            HitTokens = history.HitTokens,
            SharedHitTokens = history.SharedHitTokens,
            ComputedTokens = history.ComputedTokens,
            Faults = history.Faults,
            SwapsOut = history.SwapsOut,
            SwapsIn = history.SwapsIn,
            SwappedBytes = history.SwappedBytes,
            Evictions = history.Evictions,
            Preemptions = history.Preemptions,
            GeneratedTokens = history.GeneratedTokens,
            PrefillTime = history.PrefillTime,
            DecodeTime = history.DecodeTime,
            QueueTime = history.QueueTime,
            TimeToFirstToken = history.TimeToFirstToken,
        };
    }

    /// <summary>Tokens of a prompt that the KV of a key, or of others of a domain, could serve now.</summary>
    public int CountCached(string key, string? domain, AdapterSet adapters, int[] prompt)
    {
        var own = Find(key) is { } sequence && sequence.Scope.AdapterSet == adapters.Key ? sequence.CommonPrefix(prompt) : 0;
        if (domain is null || _options.MinimumSharedTokens == 0)
            return own;
        var nobody = new Sequence(null, new PrefixScope(_model, adapters.Key, domain, null), new SequenceHistory());
        var others = _memory.Index.Match(nobody, prompt.AsSpan(0, prompt.Length - 1)).Length;
        return others - own >= _options.MinimumSharedTokens ? others : own;
    }

    /// <summary>Arranges who computes what others need, and describes all sequences to the planner.</summary>
    public ReadOnlySpan<SequenceState> Describe()
    {
        _swapper.TakeDiskResults();
        _sharing.Arrange(_sequences);
        if (_states.Length < _sequences.Count)
            _states = new SequenceState[Math.Max(_sequences.Count, _states.Length * 2)];
        Suspect = _sequences.Find(sequence => sequence is { IsSuspect: true, Current: not null, Saved: not { IsReading: true } } && sequence.Current.HasRoom());
        (_described, _sets) = (_described + 1, 0);
        var (active, waiting, resident, retained, growth, reserved) = (0, 0, 0, 0, 0, 0);
        for (var i = 0; i < _sequences.Count; i++)
        {
            var sequence = _sequences[i];
            var state = Describe(sequence);
            waiting += sequence.Next.Count + (sequence.Current is not null && !sequence.IsAdmitted ? 1 : 0);
            resident += state.Residency == Residency.Resident ? 1 : 0;
            retained += sequence.IsRetained ? 1 : 0;
            if (sequence.IsAdmitted)
            {
                active++;
                growth += sequence.Current!.Reservation - sequence.Cached;
                reserved += state.ReservedCells;
            }
            _states[i] = state;
        }
        FreeCells = _memory.Cells - _memory.UsedCells - growth;
        _counters.Hold(active, waiting, resident, _memory.UsedCells, reserved);
        _counters.Residency.Hold(retained, _store, _cost);
        var states = _states.AsSpan(0, _sequences.Count);
        _service.Clock.Observe(states);
        return states;
    }

    /// <summary>The number of an adapter set in what the planner was told last; -1 when no request has it.</summary>
    public int NumberOf(AdapterSet set) => set.Seen.Step == _described ? set.Seen.Number : -1;

    /// <summary>Gives the sequence of a waiting request its reservation, and keeps what KV there is that can serve it.</summary>
    public void SwapIn(Sequence sequence)
    {
        if (sequence.Current is not { } generation || sequence.IsAdmitted || (Suspect is not null && Suspect != sequence) || !_swapper.SwapIn(sequence))
            return;
        if (!generation.IsStarted)
        {
            CollectionsMarshal.SetCount(sequence.Tokens, 0);
            sequence.Tokens.AddRange(generation.Prompt);
            generation.Start(sequence.Cached);
            sequence.Service.Start(sequence.Cached);
            sequence.History.HitTokens += sequence.Cached;
            _counters.Admit(sequence.Cached);
        }
        _sharing.Take(sequence);
        sequence.IsAdmitted = true;
        sequence.Service.SwapIn(_counters.Steps);
    }

    /// <summary>Holds back those that were swapped in and need what others are computing.</summary>
    public void Arrange() => _sharing.Arrange(_sequences);

    /// <summary>Makes a new sequence that has the KV of another, which may be running. Returns how many tokens' it has.</summary>
    public int Fork(Sequence parent, string key)
    {
        var child = Open(key, parent.Scope);
        child.Tokens.AddRange(parent.TokenSpan[..parent.Cached]);
        if (parent.Id != Sequence.NoId)
        {
            if (_memory.FreeIds == 0 && _swapper.VictimForId(candidate => candidate != parent && candidate != child && candidate.Current is null) is { } victim)
                _swapper.SwapOut(victim, Residency.Swapped);
            if (_memory.Open(child))
                _memory.Share(parent, child, parent.Cached);
        }
        else if (parent.Saved is { } saved)
        {
            StateStore.AddUser(saved);
            child.Saved = saved;
        }
        _counters.Residency.Fork();
        return child.Cached;
    }

    /// <summary>Ends the current request of a sequence; its KV stays for the next of its key, or for others.</summary>
    public void Finish(Sequence sequence)
    {
        sequence.Current = null;
        sequence.IsAdmitted = false;
        sequence.IsHeld = false;
        sequence.IsSuspect = false;
        sequence.History.End();
        sequence.Tokens.RemoveRange(sequence.Cached, sequence.Tokens.Count - sequence.Cached);
        if (sequence.Next.TryDequeue(out var next))
            Begin(sequence, next);
        else if (sequence.Key is null)
            Retain(sequence);
    }

    /// <summary>Drops all KV of a sequence that may be in a doubtful state.</summary>
    public void Reset(Sequence sequence)
    {
        _swapper.Drop(sequence);
        _memory.Close(sequence);
    }

    /// <summary>Drops all KV of all sequences, and overwrites it.</summary>
    public void ResetAll()
    {
        foreach (var sequence in _sequences)
            _swapper.SwapOut(sequence, Residency.Cold);
        _memory.Clear();
        _counters.Residency.FallBack(SwapFallback.NotANumber, problem: null);
    }

    /// <summary>The native context is gone: what was in it is forgotten, and the requests wait to begin again from their tokens. Nothing native is called.</summary>
    public void LoseMemory()
    {
        _swapper.Interrupt();
        foreach (var sequence in _sequences)
        {
            sequence.IsAdmitted = sequence.IsHeld = false;
            if (sequence.Id == Sequence.NoId)
                continue;
            sequence.History.Evicted = sequence.Cached;
            sequence.History.Evictions++;
            sequence.Id = Sequence.NoId;
            sequence.Cells = null;
            if (sequence.Current is null && sequence.Saved is null)
                sequence.Tokens.Clear();
        }
        _memory.Renew();
        _counters.Residency.FallBack(SwapFallback.Restarted, problem: null);
    }

    /// <summary>The owner of a sequence that nothing works on is gone.</summary>
    public void Release(Sequence sequence)
    {
        if (sequence.Key is { } key)
        {
            _byKey.Remove(key);
            _histories.Remove(key);
        }
        sequence.BecomeRetained();
        Retain(sequence);
    }

    /// <summary>Drops the sequences without an owner that are kept for a security domain.</summary>
    public void DropRetained(string domain)
    {
        foreach (var sequence in _sequences.Where(sequence => sequence.IsRetained && sequence.Scope.Domain == domain).ToArray())
            Forget(sequence);
    }

    /// <summary>Forgets what was counted for a key.</summary>
    public void ForgetHistory(string key) => _histories.Remove(key);

    /// <summary>Removes the sequences of which nothing is left: no request and no KV.</summary>
    public void Sweep()
    {
        for (var i = _sequences.Count - 1; i >= 0; i--)
        {
            if (_sequences[i] is { Current: null, Cached: 0 } empty)
                Forget(empty);
        }
    }

    public void Dispose() => _store.Dispose();

    private Sequence Open(string? key, PrefixScope scope)
    {
        var history = new SequenceHistory();
        if (key is not null && !_histories.TryAdd(key, history))
            history = _histories[key];
        var sequence = new Sequence(key, scope, history);
        _sequences.Add(sequence);
        if (key is not null)
            _byKey.Add(key, sequence);
        return sequence;
    }

    private void Begin(Sequence sequence, Generation generation)
    {
        if (sequence.Scope.Domain != generation.Request.Domain || sequence.Scope.AdapterSet != generation.Adapters.Key)
        {
            // What it had is of another domain, whose members alone may use it, or was computed with other adapters.
            Reset(sequence);
            sequence.Tokens.Clear();
            sequence.Scope = new PrefixScope(_model, generation.Adapters.Key, generation.Request.Domain, generation.Request.Domain is null ? sequence : null);
        }
        sequence.Current = generation;
        sequence.History.Begin(generation);
        _service.Begin(sequence, generation);
    }

    /// <summary>Keeps a sequence without an owner for others of its domain, if it has something that they could not find elsewhere.</summary>
    private void Retain(Sequence sequence)
    {
        var worth = sequence.Scope.Domain is not null && sequence.Id != Sequence.NoId && _options.MinimumSharedTokens > 0
            && sequence.Cached - _memory.Index.SharedLength(sequence) >= _options.MinimumSharedTokens;
        if (!worth || _options.RetainedPrefixes == 0)
        {
            Forget(sequence);
            return;
        }
        while (_sequences.Count(other => other.IsRetained) > _options.RetainedPrefixes)
            Forget(_swapper.VictimForId(other => other.IsRetained)!);
    }

    private void Forget(Sequence sequence)
    {
        Reset(sequence);
        _sequences.Remove(sequence);
        if (sequence.Key is not null)
            _byKey.Remove(sequence.Key);
    }

    private int Number(AdapterSet set)
    {
        if (set.Seen.Step != _described)
            set.Seen = (_described, _sets++);
        return set.Seen.Number;
    }

    private SequenceState Describe(Sequence sequence)
    {
        var generation = sequence.Current;
        var residency = sequence.Residency;
        var available = generation is null || sequence.IsAdmitted ? 0 : _sharing.Available(sequence);
        var pending = generation switch
        {
            null => 0,
            { IsStarted: false } => generation.Prompt.Length - Math.Max(sequence.CommonPrefix(generation.Prompt), available),
            _ => sequence.Tokens.Count - sequence.Cached,
        };
        var state = new SequenceState
        {
            Phase = generation is null ? SequencePhase.Idle
                : !sequence.IsAdmitted ? SequencePhase.Waiting
                : sequence.IsDecoding ? SequencePhase.Decode
                : SequencePhase.Prefill,
            Residency = residency,
            Runnable = generation is not null && generation.HasRoom() && sequence.Saved is not { IsReading: true } && (Suspect is null || Suspect == sequence),
            AdapterSet = generation is null ? 0 : Number(generation.Adapters),
            Class = sequence.History.Class,
            Priority = sequence.History.Priority,
            NextUse = generation is null ? sequence.History.NextUse : TimeSpan.Zero,
            IsRetained = sequence.IsRetained,
            ReservedCells = generation is null ? 0
                : generation.Reservation - (residency == Residency.Resident ? sequence.Cached - sequence.OwnCells : _memory.SharesCells ? available : 0),
            HeldCells = residency == Residency.Resident ? sequence.OwnCells : sequence.Cached,
            // What another computes for it, it need not: it keeps its place until that is there.
            PendingTokens = sequence.IsHeld ? 0 : sequence is { IsAdmitted: true, IsDecoding: true } ? 1 : pending,
            Arrival = generation?.Arrival ?? 0,
        };
        return _service.Describe(sequence, state);
    }
}
