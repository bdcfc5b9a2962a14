using System.Diagnostics;

namespace LLMOS.Inference.Engine;

/// <summary>
/// Who held the device when, lately: a ring of slices, of which each is a run of consecutive steps that computed tokens of one sequence, of its prompt or of its answer. The owner thread writes a few fields of it for
/// each sequence of a step and allocates nothing; others read copies.
/// </summary>
internal sealed class SliceLog(int capacity = SliceLog.DefaultCapacity)
{
    public const int DefaultCapacity = 4_096;

    /// <summary>A run that goes on for longer is several slices, so that readers see it grow.</summary>
    private static readonly long LongestSlice = Stopwatch.Frequency;

    private readonly Lock _gate = new();
    private readonly Slot[] _slots = new Slot[capacity];
    private long _next;

    /// <summary>A step computed tokens of sequences.</summary>
    /// <param name="step">The step's number.</param>
    /// <param name="began">When it began, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="served">The sequences; those without a key are left out.</param>
    public void Record(long step, long began, long ended, List<ServedSequence> served)
    {
        lock (_gate)
        {
            foreach (var part in served)
            {
                if (part.Sequence.Key is { } key)
                    Record(part.Sequence, key, step, began, ended, part);
            }
        }
    }

    /// <summary>Copies the slices that had not ended by a time, oldest first.</summary>
    /// <param name="since">In ticks of <see cref="Stopwatch"/>.</param>
    public IReadOnlyList<EngineSlice> Read(long since)
    {
        var (now, clock) = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);
        var found = new List<EngineSlice>();
        lock (_gate)
        {
            for (var number = Math.Max(0, _next - _slots.Length); number < _next; number++)
            {
                ref readonly var slot = ref _slots[number % _slots.Length];
                if (slot.Ended >= since)
                    found.Add(new EngineSlice(number, slot.Key, clock - Stopwatch.GetElapsedTime(slot.Began, now), Stopwatch.GetElapsedTime(slot.Began, slot.Ended), slot.Steps, slot.Prefilled, slot.Decoded));
            }
        }

        return found;
    }

    private void Record(Sequence sequence, string key, long step, long began, long ended, ServedSequence part)
    {
        var number = sequence.Slice;
        if (number < 0 || number <= _next - 1 - _slots.Length || _slots[number % _slots.Length] is var last && (last.LastStep != step - 1 || last.Key != key || last.Decoded > 0 != part.IsDecode || began - last.Began > LongestSlice))
        {
            number = sequence.Slice = _next++;
            _slots[number % _slots.Length] = new Slot { Key = key, Began = began };
        }

        ref var slot = ref _slots[number % _slots.Length];
        slot.Ended = ended;
        slot.LastStep = step;
        slot.Steps++;
        if (part.IsDecode)
            slot.Decoded += part.Tokens;
        else
            slot.Prefilled += part.Tokens;
    }

    private struct Slot
    {
        public string Key;
        public long Began;
        public long Ended;
        public long LastStep;
        public int Steps;
        public int Prefilled;
        public int Decoded;
    }
}
