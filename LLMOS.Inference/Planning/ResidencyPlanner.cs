using System.Runtime.InteropServices;

namespace LLMOS.Inference.Planning;

/// <summary>Decides who is swapped in and, for that, who is swapped out.</summary>
/// <param name="draft">The step's sequences, as the policy placed them.</param>
/// <param name="options">The figures of the policy.</param>
internal sealed class ResidencyPlanner(StepDraft draft, PlannerOptions options)
{
    private readonly int[] _lookedAt = new int[Rank.Levels];
    private readonly int[] _failedCells = new int[Rank.Levels];
    private readonly List<int> _taken = [];
    private bool _sorted;
    private int _cells;
    private int _ids;
    private int _hostCells;
    private int _withId;

    /// <param name="sequences">The step's input.</param>
    /// <param name="limits">Its limits.</param>
    /// <param name="isPreemptive">Whether a candidate without room is passed by later ones.</param>
    /// <param name="plan">Gets the swaps.</param>
    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, bool isPreemptive, StepPlan plan)
    {
        (_cells, _ids, _hostCells, _withId) = (limits.FreeCells, limits.FreeSequences, limits.FreeHostCells, draft.CandidatesWithId);
        _sorted = false;
        _lookedAt.AsSpan().Clear();
        _failedCells.AsSpan().Fill(int.MaxValue);
        draft.Candidates.Build();
        while (draft.Candidates.TryPop(out var candidate))
        {
            ref readonly var state = ref sequences[candidate.Index];
            var needsId = state.Residency != Residency.Resident;
            _withId -= needsId ? 0 : 1;
            if (draft.Leaves(candidate.Index))
                continue; // Its KV of an earlier turn made room for another.
            if (!TryMakeRoom(sequences, candidate, needsId, plan))
            {
                // Whoever is overdue must not be passed: what is freed is kept for it until it fits.
                if (!isPreemptive || candidate.Rank.Tier == RankTier.Aged)
                    return;
                continue;
            }
            _cells -= StepDraft.CellsFor(state);
            _ids -= needsId ? 1 : 0;
            plan.SwapIn.Add(candidate.Index);
            draft.SetEnters(candidate.Index);
            if (!state.Runnable || state.PendingTokens == 0)
                continue;
            if (state.PendingTokens == 1)
                draft.Decodes.Add(candidate);
            else
                draft.Prefills.Add(candidate);
        }
    }

    private bool TryMakeRoom(ReadOnlySpan<SequenceState> sequences, in RankedSequence candidate, bool needsId, StepPlan plan)
    {
        var level = candidate.Rank.Level;
        var needed = StepDraft.CellsFor(sequences[candidate.Index]);
        if (HasRoom(_cells, _ids, needed, needsId))
            return true;
        if (needed >= _failedCells[level])
            return false;
        if (!_sorted)
            CollectionsMarshal.AsSpan(draft.Victims).Sort();
        _sorted = true;

        var (cells, ids, position) = (_cells, _ids, _lookedAt[level]);
        _taken.Clear();
        for (; position < draft.Victims.Count && !HasRoom(cells, ids, needed, needsId); position++)
        {
            var victim = draft.Victims[position];
            if (draft.Leaves(victim.Index) || draft.Enters(victim.Index) || !MayTake(sequences, candidate, victim))
                continue;
            _taken.Add(position);
            cells += victim.Cells;
            ids++;
        }
        if (!HasRoom(cells, ids, needed, needsId))
        {
            Fail(level, needed);
            return false;
        }
        _lookedAt[level] = position;
        foreach (var taken in _taken)
        {
            var victim = draft.Victims[taken];
            if (HasRoom(cells - victim.Cells, ids - 1, needed, needsId))
            {
                // A larger one that came after it makes enough room alone.
                (cells, ids) = (cells - victim.Cells, ids - 1);
                _lookedAt[level] = Math.Min(_lookedAt[level], taken);
                continue;
            }
            var held = sequences[victim.Index].HeldCells;
            var toHost = KeepsKv(held);
            _hostCells -= toHost ? held : 0;
            plan.SwapOut.Add(new SwapOut(victim.Index, toHost ? Residency.Swapped : Residency.Cold));
            draft.SetLeaves(victim.Index);
        }
        (_cells, _ids) = (cells, ids);
        return true;
    }

    private bool MayTake(ReadOnlySpan<SequenceState> sequences, in RankedSequence candidate, in Victim victim)
    {
        ref readonly var state = ref sequences[victim.Index];
        return PreemptionRule.MayTake(candidate, victim, QuantumRule.IsUsedUp(state, KeepsKv(state.HeldCells), options.Quantum));
    }

    /// <summary>Remembers that neither this nor a larger candidate of the level can have room; or that none can, of this or a worse one.</summary>
    private void Fail(int level, int needed)
    {
        if (_taken.Count == 0 && ((_ids == 0 && _withId == 0) || _cells < draft.LeastCells))
            draft.Candidates.Close(level);
        for (var worse = level; worse < Rank.Levels; worse++)
            _failedCells[worse] = Math.Min(_failedCells[worse], needed);
    }

    private bool KeepsKv(int heldCells) => heldCells > 0 && heldCells <= _hostCells;

    private static bool HasRoom(int cells, int ids, int needed, bool needsId) => cells >= needed && (!needsId || ids > 0);
}
