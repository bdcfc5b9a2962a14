namespace LLMOS.Inference.Planning;

/// <summary>A binary heap of sequences, the first in the order of service on top. Reused from step to step, so that it allocates only to grow.</summary>
internal sealed class RankedHeap
{
    private RankedSequence[] _items = new RankedSequence[16];

    public int Count { get; private set; }

    /// <summary>The first one; there must be one, and the heap must be built.</summary>
    public ref readonly RankedSequence Top => ref _items[0];

    public ReadOnlySpan<RankedSequence> Items => _items.AsSpan(0, Count);

    public void Clear() => Count = 0;

    /// <summary>Adds without regard to the order: <see cref="Build"/> makes it.</summary>
    public void Add(in RankedSequence item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    /// <summary>Leaves out all but the sequences of an adapter set; the heap has to be built afterwards.</summary>
    public void Keep(ReadOnlySpan<SequenceState> sequences, int adapterSet)
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (sequences[_items[i].Index].AdapterSet == adapterSet)
                _items[kept++] = _items[i];
        }
        Count = kept;
    }

    public void Build()
    {
        for (var i = (Count / 2) - 1; i >= 0; i--)
            SiftDown(i);
    }

    public RankedSequence Pop()
    {
        var top = _items[0];
        _items[0] = _items[--Count];
        if (Count > 1)
            SiftDown(0);
        return top;
    }

    private void SiftDown(int position)
    {
        var item = _items[position];
        while (true)
        {
            var child = (2 * position) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && RankedSequence.Compare(_items[child + 1], _items[child]) < 0)
                child++;
            if (RankedSequence.Compare(item, _items[child]) <= 0)
                break;
            _items[position] = _items[child];
            position = child;
        }
        _items[position] = item;
    }
}
