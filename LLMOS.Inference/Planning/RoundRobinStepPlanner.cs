using System.Buffers;
using LLMOS.Inference.KvCache;

namespace LLMOS.Inference.Planning;

/// <summary>
/// Treats all sequences alike: whoever was served longest ago comes first. Decode tokens are placed first, prefill fills the rest in equal chunks;
/// requests are swapped in as they came, and idle sequences make room for them, in the order of <see cref="VictimOrder"/>.
/// </summary>
/// <remarks>
/// A step computes the adapter set of whoever was served longest ago.
/// The request that came first is never passed by a later one, so it is swapped in as soon as enough sequences end.
/// </remarks>
public sealed class RoundRobinStepPlanner : IStepPlanner
{
    /// <summary>Prefill is handed out in chunks of at least this many tokens, so that many prompts do not become many crumbs.</summary>
    public const int MinimumChunk = 32;

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        plan.Clear();
        if (sequences.IsEmpty)
            return;
        var order = ArrayPool<int>.Shared.Rent(sequences.Length);
        var keys = ArrayPool<(long, long)>.Shared.Rent(sequences.Length);
        try
        {
            SwapIn(sequences, limits, plan, order, keys);
            var set = SetOfNext(sequences, plan);
            PlaceDecode(sequences, set, limits, plan, order, keys);
            PlacePrefill(sequences, set, limits, plan, order, keys);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
            ArrayPool<(long, long)>.Shared.Return(keys);
        }
    }

    private static void SwapIn(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan, int[] order, (long, long)[] keys)
    {
        var waiting = 0;
        for (var i = 0; i < sequences.Length; i++)
        {
            if (sequences[i].Phase != SequencePhase.Waiting)
                continue;
            keys[waiting] = (sequences[i].Arrival, i);
            order[waiting++] = i;
        }
        if (waiting == 0)
            return;
        Array.Sort(keys, order, 0, waiting);

        var cells = limits.FreeCells;
        var ids = limits.FreeSequences;
        var hostCells = limits.FreeHostCells;
        for (var i = 0; i < waiting; i++)
        {
            if (IsSwappedOut(order[i], plan))
                return; // It made room for an earlier request, and no later one passes it.
            ref readonly var wanted = ref sequences[order[i]];
            var needsId = wanted.Residency != Residency.Resident;
            var needed = wanted.ReservedCells - (needsId ? 0 : wanted.HeldCells);
            if (!MakeRoom(sequences, order[i], needed, needsId, ref cells, ref ids, ref hostCells, plan))
                return;
            cells -= needed;
            ids -= needsId ? 1 : 0;
            plan.SwapIn.Add(order[i]);
        }
    }

    /// <summary>Swaps out the sequences that matter least until there is room; when there cannot be, it leaves them all.</summary>
    private static bool MakeRoom(
        ReadOnlySpan<SequenceState> sequences,
        int forSequence,
        int neededCells,
        bool needsId,
        ref int cells,
        ref int ids,
        ref int hostCells,
        StepPlan plan)
    {
        var before = (cells, ids, hostCells, plan.SwapOut.Count);
        while (cells < neededCells || (needsId && ids == 0))
        {
            var victim = -1;
            for (var i = 0; i < sequences.Length; i++)
            {
                if (i == forSequence || !MaySwapOut(sequences, i, plan))
                    continue;
                if (victim < 0 || IsBetterVictim(sequences[i], sequences[victim]))
                    victim = i;
            }
            if (victim < 0)
            {
                (cells, ids, hostCells, var kept) = before;
                plan.SwapOut.RemoveRange(kept, plan.SwapOut.Count - kept);
                return false;
            }
            var held = sequences[victim].HeldCells;
            var toHost = held <= hostCells;
            plan.SwapOut.Add(new SwapOut(victim, toHost ? Residency.Swapped : Residency.Cold));
            hostCells -= toHost ? held : 0;
            cells += held;
            ids++;
        }
        return true;
    }

    private static bool MaySwapOut(ReadOnlySpan<SequenceState> sequences, int index, StepPlan plan)
    {
        if (sequences[index].Residency != Residency.Resident || sequences[index].Phase is not (SequencePhase.Idle or SequencePhase.Waiting))
            return false;
        return !plan.SwapIn.Contains(index) && !IsSwappedOut(index, plan);
    }

    private static bool IsSwappedOut(int index, StepPlan plan)
    {
        foreach (var swapped in plan.SwapOut)
        {
            if (swapped.Sequence == index)
                return true;
        }
        return false;
    }

    /// <summary>A sequence that nobody asks for goes before one that waits for its turn.</summary>
    private static bool IsBetterVictim(in SequenceState candidate, in SequenceState best) => candidate.Phase != best.Phase
        ? candidate.Phase == SequencePhase.Idle
        : VictimOrder.Instance.Compare(VictimCandidate.Of(candidate), VictimCandidate.Of(best)) < 0;

    /// <summary>The adapter set of the step: that of whoever was served longest ago among those it could serve.</summary>
    private static int SetOfNext(ReadOnlySpan<SequenceState> sequences, StepPlan plan)
    {
        var next = -1;
        for (var i = 0; i < sequences.Length; i++)
        {
            ref readonly var sequence = ref sequences[i];
            var runs = sequence.Phase is SequencePhase.Decode or SequencePhase.Prefill || (sequence.Phase == SequencePhase.Waiting && plan.SwapIn.Contains(i));
            if (!runs || !sequence.Runnable || sequence.PendingTokens == 0)
                continue;
            if (next < 0 || (sequence.LastServedStep, sequence.Arrival).CompareTo((sequences[next].LastServedStep, sequences[next].Arrival)) < 0)
                next = i;
        }
        return next < 0 ? 0 : sequences[next].AdapterSet;
    }

    private static void PlaceDecode(ReadOnlySpan<SequenceState> sequences, int set, in StepLimits limits, StepPlan plan, int[] order, (long, long)[] keys)
    {
        var count = Collect(sequences, set, SequencePhase.Decode, order, keys);
        if (count > limits.StepTokens)
        {
            Array.Sort(keys, order, 0, count);
            count = limits.StepTokens;
        }
        for (var i = 0; i < count; i++)
            plan.Decode.Add(order[i]);
    }

    private static void PlacePrefill(ReadOnlySpan<SequenceState> sequences, int set, in StepLimits limits, StepPlan plan, int[] order, (long, long)[] keys)
    {
        var budget = limits.StepTokens - plan.Decode.Count;
        if (plan.Decode.Count > 0)
            budget = Math.Min(budget, limits.PrefillTokensBesideDecode);
        var count = Collect(sequences, set, SequencePhase.Prefill, order, keys);
        foreach (var index in plan.SwapIn)
        {
            // What it reuses of its KV is only known when it is in; the engine takes fewer tokens if fewer are pending.
            if (!sequences[index].Runnable || sequences[index].PendingTokens == 0 || sequences[index].AdapterSet != set)
                continue;
            keys[count] = (sequences[index].LastServedStep, sequences[index].Arrival);
            order[count++] = index;
        }
        if (budget <= 0 || count == 0)
            return;
        Array.Sort(keys, order, 0, count);

        var chunk = Math.Max(MinimumChunk, budget / count);
        for (var i = 0; i < count && budget > 0; i++)
        {
            var tokens = Math.Min(Math.Min(chunk, sequences[order[i]].PendingTokens), budget);
            plan.Prefill.Add(new PrefillChunk(order[i], tokens));
            budget -= tokens;
        }
        for (var i = 0; i < plan.Prefill.Count && budget > 0; i++)
        {
            var more = Math.Min(sequences[plan.Prefill[i].Sequence].PendingTokens - plan.Prefill[i].Tokens, budget);
            plan.Prefill[i] = plan.Prefill[i] with { Tokens = plan.Prefill[i].Tokens + more };
            budget -= more;
        }
    }

    private static int Collect(ReadOnlySpan<SequenceState> sequences, int set, SequencePhase phase, int[] order, (long, long)[] keys)
    {
        var count = 0;
        for (var i = 0; i < sequences.Length; i++)
        {
            ref readonly var sequence = ref sequences[i];
            if (sequence.Phase != phase || !sequence.Runnable || sequence.PendingTokens == 0 || sequence.AdapterSet != set)
                continue;
            keys[count] = (sequence.LastServedStep, sequence.Arrival);
            order[count++] = i;
        }
        return count;
    }
}
