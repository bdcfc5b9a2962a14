using System.Runtime.InteropServices;

namespace LLMOS.Inference.Planning;

/// <summary>Keeps a step to one adapter set, where its sequences have several.</summary>
/// <param name="draft">The step's sequences, as the policy placed them.</param>
/// <param name="options">The figures of the policy.</param>
internal sealed class AdapterSetPlanner(StepDraft draft, PlannerOptions options)
{
    private RankedSequence? _first;
    private RankedSequence? _overdue;
    private RankedSequence? _applied;

    /// <summary>Chooses the set, and leaves the others' sequences out of the draft.</summary>
    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits)
    {
        (_first, _overdue, _applied) = (null, null, null);
        foreach (ref readonly var decode in CollectionsMarshal.AsSpan(draft.Decodes))
            LookAt(sequences, limits, decode);
        foreach (ref readonly var prefill in draft.Prefills.Items)
            LookAt(sequences, limits, prefill);
        if (_first is not { } first)
            return;
        var set = AdapterSetRule.Choose(first, SetOf(sequences, first), _overdue is { } overdue ? SetOf(sequences, overdue) : -1, _applied, limits, options);
        var kept = 0;
        var decodes = CollectionsMarshal.AsSpan(draft.Decodes);
        foreach (ref readonly var decode in decodes)
        {
            if (SetOf(sequences, decode) == set)
                decodes[kept++] = decode;
        }
        CollectionsMarshal.SetCount(draft.Decodes, kept);
        draft.Prefills.Keep(sequences, set);
    }

    private void LookAt(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, in RankedSequence ranked)
    {
        if (draft.Leaves(ranked.Index))
            return;
        KeepFirst(ref _first, ranked);
        if (ranked.Rank.Tier == RankTier.Aged)
            KeepFirst(ref _overdue, ranked);
        if (SetOf(sequences, ranked) == limits.AppliedSet)
            KeepFirst(ref _applied, ranked);
    }

    private static void KeepFirst(ref RankedSequence? best, in RankedSequence ranked)
    {
        if (best is not { } known || ranked.CompareTo(known) < 0)
            best = ranked;
    }

    private static int SetOf(ReadOnlySpan<SequenceState> sequences, in RankedSequence ranked) => sequences[ranked.Index].AdapterSet;
}
