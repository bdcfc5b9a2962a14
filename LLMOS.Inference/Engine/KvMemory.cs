using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Engine;

/// <summary>
/// The native ids and cells of the sequences: changes llama.cpp's memory, the ledger of cells and the index of prefixes together, so that they agree. Belongs to the owner thread.
/// </summary>
internal sealed class KvMemory
{
    private readonly DecodeContext _context;
    // The lowest first: llama.cpp computes caches of their own together only where their ids are neighbours.
    private readonly PriorityQueue<int, int> _freeIds = new();
    private readonly int _ids;
    private readonly bool _indexes;
    private CellLedger _ledger = new();

    public KvMemory(DecodeContext context, EngineOptions options, LlamaModel model)
    {
        _context = context;
        CanShareParts = model.CanShareParts;
        _indexes = CanShareParts && options.MinimumSharedTokens > 0;
        _ids = options.SequencesFor(model);
        Renew();
    }

    public PrefixIndex Index { get; } = new();

    /// <summary>Whether a part of a sequence's KV is of use without the rest.</summary>
    public bool CanShareParts { get; }

    public int Cells => _context.Cells;

    /// <summary>Whether a cell can be several sequences'; where not, what they have in common is copied.</summary>
    public bool SharesCells => _context.SharesCells;

    public int UsedCells => _ledger.Used;

    public int FreeIds => _freeIds.Count;

    /// <summary>Set while the native context must not be called.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Begins anew with a context that is empty; no sequence may have an id or cells.</summary>
    public void Renew()
    {
        _ledger = new CellLedger();
        _freeIds.Clear();
        for (var id = _ids - 1; id >= 0; id--)
            _freeIds.Enqueue(id, id);
        Index.Clear();
    }

    /// <summary>Makes a sequence resident, without cells yet. False when all ids are taken.</summary>
    public bool Open(Sequence sequence)
    {
        if (sequence.Id != Sequence.NoId)
            return true;
        if (!_freeIds.TryDequeue(out var id, out _))
            return false;
        sequence.Id = id;
        sequence.Cells = _ledger.Open();
        return true;
    }

    /// <summary>Takes a sequence's cells and id.</summary>
    public void Close(Sequence sequence)
    {
        if (sequence.Cells is not { } cells)
            return;
        Index.Remove(sequence);
        if (!IsAbandoned)
            _context.Remove(sequence.Id);
        _ledger.Close(cells);
        _freeIds.Enqueue(sequence.Id, sequence.Id);
        sequence.Id = Sequence.NoId;
        sequence.Cells = null;
    }

    /// <summary>So many more of a sequence's tokens were computed; of a prompt, which is news to others, or of an answer.</summary>
    public void Append(Sequence sequence, int tokens, bool isNews)
    {
        _ledger.Append(sequence.Cells!, tokens);
        Enter(sequence, isNews);
    }

    /// <summary>Drops what was computed behind a sequence's tokens. False when the model's memory cannot be cut there.</summary>
    public bool DropDrafts(Sequence sequence) => _context.Truncate(sequence.Id, sequence.Cached);

    /// <summary>Overwrites all cells, after all sequences were closed: what they held must not be read again, not even masked.</summary>
    public void Clear()
    {
        if (!IsAbandoned)
            _context.Clear();
    }

    /// <summary>Cuts the KV to its first tokens; drops it all when the model's memory cannot be cut there or disagrees.</summary>
    public void Keep(Sequence sequence, int tokens)
    {
        var cuts = tokens < sequence.Cached;
        if (tokens == 0 || (cuts && !_context.Truncate(sequence.Id, tokens)) || !Agrees(sequence, tokens, cuts))
        {
            _context.Remove(sequence.Id);
            tokens = 0;
        }
        _ledger.Cut(sequence.Cells!, tokens);
        Enter(sequence);
    }

    /// <summary>How many of a sequence's first cells another has, too, so that they stay when it goes.</summary>
    public int SharedLength(Sequence sequence) => SharesCells ? Index.SharedLength(sequence) : 0;

    /// <summary>Gives a sequence the KV of another from where its own ends up to a position; the tokens up to there must be the same. False, and the sequence may have lost its own, when that cannot be.</summary>
    public bool Share(Sequence from, Sequence to, int until)
    {
        var start = to.Cached;
        if (until <= start)
            return true;
        if (!SharesCells)
            return Copy(from, to, until);
        if (start == 0 && until == from.Cached)
            _context.ShareAll(from.Id, to.Id);
        else
            _context.Share(from.Id, to.Id, start, until);
        _ledger.Share(from.Cells!, to.Cells!, until);
        Enter(to);
        return true;
    }

    /// <summary>The KV of a sequence from a position on as bytes; null when llama.cpp does not give them. The sequence is of no use afterwards and must be closed.</summary>
    public byte[]? Save(Sequence sequence, int start)
    {
        if (start > 0)
        {
            Index.Remove(sequence);
            if (!_context.RemoveBefore(sequence.Id, start))
                return null;
        }
        return _context.Save(sequence.Id);
    }

    /// <summary>Brings saved KV back into a sequence that has none, behind what it shares with another. False, and still none, when llama.cpp refuses it.</summary>
    public bool Restore(Sequence sequence, Sequence? prefix, int start, int end, ReadOnlySpan<byte> state)
    {
        if (!_context.Restore(sequence.Id, state))
            return false;
        if (start > 0)
            _context.Share(prefix!.Id, sequence.Id, 0, start);
        if (_context.LastPosition(sequence.Id) != end - 1)
        {
            _context.Remove(sequence.Id);
            return false;
        }
        if (start > 0)
            _ledger.Share(prefix!.Cells!, sequence.Cells!, start);
        _ledger.Append(sequence.Cells!, end - start);
        Enter(sequence);
        return true;
    }

    private bool Copy(Sequence from, Sequence to, int until)
    {
        var copied = _context.Copy(from.Id, to.Id, until);
        _ledger.Cut(to.Cells!, 0);
        _ledger.Append(to.Cells!, copied ? until : 0);
        Enter(to);
        return copied;
    }

    /// <summary>A model with a sliding window may have given up cells that are needed again once the sequence is cut.</summary>
    private bool Agrees(Sequence sequence, int tokens, bool cut) =>
        _context.LastPosition(sequence.Id) == tokens - 1 && (CanShareParts || !cut || _context.FirstPosition(sequence.Id) == 0);

    private void Enter(Sequence sequence, bool isNews = true)
    {
        if (_indexes)
            Index.Set(sequence, sequence.TokenSpan[..sequence.Cached], isNews);
    }
}
