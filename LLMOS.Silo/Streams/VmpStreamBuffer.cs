using System.Runtime.InteropServices;
using LLMOS.Kernel.Messaging;
using Orleans.Streams;

namespace LLMOS.Silo.Streams;

/// <summary>
/// The batches of one stream that wait for its recipients, and how far each recipient has come. Positions count the
/// batches from the stream's first one on; they never fall.
/// </summary>
internal sealed class VmpStreamBuffer(StreamId streamId, Action<VmpBatchContainer, bool> release)
{
    private const int CompactAt = 64;

    private readonly List<Slot> _slots = [];
    private readonly List<VmpCacheCursor> _cursors = [];
    private int _head;
    private long _first;

    public StreamId StreamId { get; } = streamId;

    public bool IsMailbox { get; } = VmpStreamIds.TryGetPid(streamId, out _);

    public bool HasCursors => _cursors.Count > 0;

    public bool IsEmpty => _slots.Count == _head;

    public long End => _first + _slots.Count - _head;

    public VmpBatchContainer this[long position] => _slots[Index(position)].Batch;

    public void Add(VmpBatchContainer batch, long now) => _slots.Add(new Slot(batch, now));

    /// <summary>
    /// Where a reader begins that wants the batch with a sequence number. One that names none gets a mailbox from its
    /// first waiting batch on, and of a topic what comes from now on.
    /// </summary>
    public long Find(long? sequence)
    {
        if (sequence is null)
            return IsMailbox ? _first : End;
        var index = _slots.FindIndex(_head, slot => slot.Batch.LastSequence >= sequence);
        return index < 0 ? End : _first + index - _head;
    }

    public void Open(VmpCacheCursor cursor) => _cursors.Add(cursor);

    /// <summary>Forgets a reader; when it was the last one, what it has not read goes on waiting.</summary>
    public void Close(VmpCacheCursor cursor)
    {
        _cursors.Remove(cursor);
        if (HasCursors)
            Trim();
    }

    /// <summary>A reader, which has moved on already, is done with the batch at a position.</summary>
    public void Pass(long position)
    {
        _slots[Index(position)].IsDelivered = true;
        Trim();
    }

    /// <summary>Drops the batches that came before a time, and adds those that nobody has read to a list.</summary>
    public void DropOlderThan(long time, List<IBatchContainer> unread)
    {
        while (!IsEmpty && _slots[_head].AddedAt < time)
        {
            if (!_slots[_head].IsDelivered)
                unread.Add(_slots[_head].Batch);
            ReleaseFirst();
        }
    }

    private int Index(long position) => _head + (int)(position - _first);

    private void Trim()
    {
        var reached = End;
        foreach (var cursor in CollectionsMarshal.AsSpan(_cursors))
            reached = Math.Min(reached, cursor.Position);
        while (_first < reached)
            ReleaseFirst();
    }

    private void ReleaseFirst()
    {
        var slot = _slots[_head];
        _slots[_head++] = null!;
        _first++;
        if (_head == _slots.Count || (_head >= CompactAt && _head * 2 >= _slots.Count))
        {
            _slots.RemoveRange(0, _head);
            _head = 0;
        }
        release(slot.Batch, slot.IsDelivered);
    }

    private sealed class Slot(VmpBatchContainer batch, long addedAt)
    {
        public VmpBatchContainer Batch { get; } = batch;

        public long AddedAt { get; } = addedAt;

        public bool IsDelivered { get; set; }
    }
}
