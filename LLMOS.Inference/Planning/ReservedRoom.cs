namespace LLMOS.Inference.Planning;

/// <summary>Keeps the reserved sequences of a step to their part of the ids and cells: those that run first, then the others, until it is used up.</summary>
internal struct ReservedRoom
{
    private int _runningIds;
    private long _runningCells;
    private int _otherIds;
    private long _otherCells;

    /// <param name="sequences">The step's input.</param>
    /// <param name="limits">Its limits.</param>
    public ReservedRoom(ReadOnlySpan<SequenceState> sequences, in StepLimits limits)
    {
        var (ids, cells, reservedIds, reservedCells) = (limits.FreeSequences, (long)limits.FreeCells, 0, 0L);
        foreach (ref readonly var sequence in sequences)
        {
            if (sequence.Residency != Residency.Resident)
                continue;
            var running = sequence.Phase is SequencePhase.Prefill or SequencePhase.Decode;
            ids++;
            cells += running ? sequence.ReservedCells : sequence.HeldCells;
            if (running && ReservationRule.Covers(sequence))
            {
                reservedIds++;
                reservedCells += sequence.ReservedCells;
            }
        }
        _runningIds = ReservationRule.MostOf(ids);
        _runningCells = ReservationRule.MostOf((int)Math.Clamp(cells, 0, int.MaxValue));
        _otherIds = _runningIds - reservedIds;
        _otherCells = _runningCells - reservedCells;
    }

    /// <summary>Whether a sequence is inside its reservation and there is room for it; if so, that room is taken.</summary>
    public bool TryTake(in SequenceState sequence)
    {
        if (!ReservationRule.Covers(sequence))
            return false;
        return sequence.Phase == SequencePhase.Waiting
            ? TryTake(ref _otherIds, ref _otherCells, sequence.ReservedCells)
            : TryTake(ref _runningIds, ref _runningCells, sequence.ReservedCells);
    }

    private static bool TryTake(ref int ids, ref long cells, int wanted)
    {
        if (ids < 1 || cells < wanted)
            return false;
        ids--;
        cells -= wanted;
        return true;
    }
}
