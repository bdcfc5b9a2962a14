using System.Runtime.InteropServices;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Engine;

/// <summary>All sequences of an engine and whose KV is where. Belongs to the owner thread.</summary>
internal sealed class SequenceTable
{
    private readonly DecodeContext _context;
    private readonly EngineCounters _counters;
    private readonly int _hostCells;
    private readonly Dictionary<string, Sequence> _byKey = new(StringComparer.Ordinal);
    private readonly List<Sequence> _sequences = [];
    private readonly Stack<int> _freeIds = new();
    private SequenceState[] _states = [];
    private int _hostCellsUsed;
    private readonly ServiceBook _service;
    private long _arrivals;

    public SequenceTable(DecodeContext context, EngineCounters counters, int maxSequences, int hostCells, ServiceBook service)
    {
        _context = context;
        _counters = counters;
        _hostCells = hostCells;
        _service = service;
        for (var id = maxSequences - 1; id >= 0; id--)
            _freeIds.Push(id);
    }

    /// <summary>In the order of the states that a planner is given; changes only between steps.</summary>
    public IReadOnlyList<Sequence> Sequences => _sequences;

    public int FreeCells { get; private set; }

    /// <summary>Set when the native context must not be called any more.</summary>
    public bool IsAbandoned { get; set; }

    public int FreeIds => _freeIds.Count;

    public int FreeHostCells => _hostCells - _hostCellsUsed;

    /// <summary>Queues a request behind those of its key.</summary>
    public void Add(Generation generation)
    {
        generation.Arrival = ++_arrivals;
        var key = generation.Request.Key;
        if (key is null || !_byKey.TryGetValue(key, out var sequence))
        {
            sequence = new Sequence(key);
            _sequences.Add(sequence);
            if (key is not null)
                _byKey.Add(key, sequence);
        }
        if (sequence.Current is null)
        {
            sequence.Current = generation;
            _service.Begin(sequence, generation);
        }
        else
        {
            sequence.Next.Enqueue(generation);
        }
    }

    public Sequence? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>What the planner sees, and how many cells are free.</summary>
    public ReadOnlySpan<SequenceState> Describe()
    {
        if (_states.Length < _sequences.Count)
            _states = new SequenceState[Math.Max(_sequences.Count, _states.Length * 2)];
        var (active, waiting, resident, used, reserved, claimed) = (0, 0, 0, 0, 0, 0);
        for (var i = 0; i < _sequences.Count; i++)
        {
            var sequence = _sequences[i];
            var residency = sequence.Residency;
            waiting += sequence.Next.Count + (sequence.Current is not null && !sequence.IsAdmitted ? 1 : 0);
            if (residency == Residency.Resident)
            {
                resident++;
                used += sequence.Cached;
            }
            if (sequence.IsAdmitted)
            {
                active++;
                reserved += sequence.Current!.Reservation;
            }
            else if (residency == Residency.Resident)
            {
                claimed += sequence.Cached;
            }
            _states[i] = Describe(sequence, residency);
        }
        FreeCells = _context.Cells - reserved - claimed;
        _counters.Hold(active, waiting, resident, used, reserved);
        var states = _states.AsSpan(0, _sequences.Count);
        _service.Clock.Observe(states);
        return states;
    }

    /// <summary>Takes a sequence's cells and id; its tokens stay known, so that it can be brought back.</summary>
    public void SwapOut(Sequence sequence, Residency to)
    {
        if (sequence.Residency != Residency.Resident)
            return;
        if (to == Residency.Swapped && sequence.Cached > 0 && sequence.Cached <= FreeHostCells && _context.Save(sequence.Id) is { } state)
        {
            sequence.HostState = state;
            _hostCellsUsed += sequence.Cached;
            _counters.SwapOut();
        }
        else
        {
            sequence.Cached = 0;
            _counters.Evict();
        }
        _context.Remove(sequence.Id);
        _freeIds.Push(sequence.Id);
        sequence.Id = Sequence.NoId;
        sequence.IsAdmitted = false;
        if (sequence.Current is null && sequence.HostState is null)
            sequence.Tokens.Clear();
    }

    /// <summary>Gives the sequence of a waiting request its reservation, and keeps what its present KV can serve.</summary>
    public void SwapIn(Sequence sequence)
    {
        var generation = sequence.Current!;
        if (sequence.Id == Sequence.NoId)
            sequence.Id = _freeIds.Pop();
        if (sequence.HostState is { } state)
        {
            DropHostState(sequence);
            if (_context.Restore(sequence.Id, state))
                _counters.SwapIn();
            else
                sequence.Cached = 0;
        }
        if (!generation.IsStarted)
        {
            Keep(sequence, sequence.CommonPrefix(generation.Prompt));
            CollectionsMarshal.SetCount(sequence.Tokens, 0);
            sequence.Tokens.AddRange(generation.Prompt);
            generation.Start(sequence.Cached);
            sequence.Service.Start(sequence.Cached);
            _counters.Admit(sequence.Cached);
        }
        else
        {
            Keep(sequence, Math.Min(sequence.Cached, sequence.Tokens.Count - 1));
        }
        sequence.IsAdmitted = true;
        sequence.Service.SwapIn(_counters.Steps);
    }

    /// <summary>Ends the current request of a sequence; its KV stays for the next of its key.</summary>
    public void Finish(Sequence sequence)
    {
        sequence.Current = null;
        sequence.IsAdmitted = false;
        sequence.Tokens.RemoveRange(sequence.Cached, sequence.Tokens.Count - sequence.Cached);
        if (sequence.Next.TryDequeue(out var next))
        {
            sequence.Current = next;
            _service.Begin(sequence, next);
        }
        else if (sequence.Key is null)
            Forget(sequence);
    }

    /// <summary>Drops all KV of a sequence that may be in a doubtful state.</summary>
    public void Reset(Sequence sequence)
    {
        DropHostState(sequence);
        if (sequence.Id != Sequence.NoId && !IsAbandoned)
            _context.Remove(sequence.Id);
        sequence.Cached = 0;
    }

    /// <summary>Removes a sequence that nothing works on.</summary>
    public void Forget(Sequence sequence)
    {
        Reset(sequence);
        if (sequence.Id != Sequence.NoId)
            _freeIds.Push(sequence.Id);
        sequence.Id = Sequence.NoId;
        _sequences.Remove(sequence);
        if (sequence.Key is not null)
            _byKey.Remove(sequence.Key);
    }

    /// <summary>Removes the sequences of which nothing is left: no request and no KV.</summary>
    public void Sweep()
    {
        for (var i = _sequences.Count - 1; i >= 0; i--)
        {
            if (_sequences[i] is { Current: null, Cached: 0 } empty)
                Forget(empty);
        }
    }

    private SequenceState Describe(Sequence sequence, Residency residency)
    {
        var generation = sequence.Current;
        var pending = generation switch
        {
            null => 0,
            { IsStarted: false } => generation.Prompt.Length - sequence.CommonPrefix(generation.Prompt),
            _ => sequence.Tokens.Count - sequence.Cached,
        };
        var state = new SequenceState
        {
            Phase = generation is null ? SequencePhase.Idle
                : !sequence.IsAdmitted ? SequencePhase.Waiting
                : generation.Completed > 0 && pending == 1 ? SequencePhase.Decode
                : SequencePhase.Prefill,
            Residency = residency,
            Runnable = generation is not null && generation.HasRoom(),
            ReservedCells = generation?.Reservation ?? 0,
            HeldCells = sequence.Cached,
            PendingTokens = pending,
            Arrival = generation?.Arrival ?? 0,
        };
        return _service.Describe(sequence, state);
    }

    /// <summary>Cuts the KV to its first tokens; drops it all when the model's memory cannot be cut or disagrees.</summary>
    private void Keep(Sequence sequence, int tokens)
    {
        if (tokens == 0 || (tokens < sequence.Cached && !_context.Truncate(sequence.Id, tokens)) || _context.LastPosition(sequence.Id) != tokens - 1)
        {
            _context.Remove(sequence.Id);
            tokens = 0;
        }
        sequence.Cached = tokens;
    }

    private void DropHostState(Sequence sequence)
    {
        if (sequence.HostState is null)
            return;
        sequence.HostState = null;
        _hostCellsUsed -= sequence.Cached;
    }
}
