using System.Runtime.InteropServices;

namespace LLMOS.Inference.Planning;

/// <summary>Shares out the tokens of a step: decode first, prefill from what is left.</summary>
/// <param name="draft">The step's sequences, as the policy placed them.</param>
/// <param name="leftOver">The tier from which on sequences have what the others leave.</param>
internal sealed class TokenPlanner(StepDraft draft, int leftOver)
{
    private readonly Predicate<RankedSequence> _leaves = decode => draft.Leaves(decode.Index);
    private readonly Predicate<RankedSequence> _isLeftOver = decode => decode.Rank.Tier >= leftOver;

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        draft.Decodes.RemoveAll(_leaves);
        var yields = LeftOverRule.Yields(draft);
        var heldBack = yields && draft.Decodes.RemoveAll(_isLeftOver) > 0;
        var urgent = UrgentPrefill(sequences, limits);
        PlaceDecodes(limits.StepTokens - urgent, plan);
        var budget = limits.StepTokens - plan.Decode.Count;
        if (plan.Decode.Count > 0 && !BurstRule.MayFill(sequences, plan.Decode, draft.Prefills.Items))
            budget = Math.Min(budget, limits.PrefillTokensBesideDecode);
        var leftOverBudget = yields ? 0 : limits.LeftOverPrefillTokens > 0 ? limits.LeftOverPrefillTokens : budget;
        // Decodes that stand back make room for the reserved prompt, and for no more of the others' than beside them.
        PlacePrefill(sequences, budget, heldBack ? limits.PrefillTokensBesideDecode : null, leftOverBudget, plan);
    }

    /// <summary>What is set aside for the prompts of reserved and overdue sequences where decodes alone would fill the step.</summary>
    private int UrgentPrefill(ReadOnlySpan<SequenceState> sequences, in StepLimits limits)
    {
        if (draft.Decodes.Count < limits.StepTokens - AgingRule.UrgentPrefill(limits))
            return 0;
        var tokens = 0L;
        foreach (ref readonly var prefill in draft.Prefills.Items)
        {
            if (prefill.Rank.Tier <= RankTier.Aged && !draft.Leaves(prefill.Index))
                tokens += sequences[prefill.Index].PendingTokens;
        }
        return (int)Math.Min(tokens, AgingRule.UrgentPrefill(limits));
    }

    private void PlaceDecodes(int budget, StepPlan plan)
    {
        var decodes = CollectionsMarshal.AsSpan(draft.Decodes);
        if (decodes.Length > budget)
        {
            var first = KeepForOverdue(decodes, ReservationRule.LeftOf(budget));
            PartialSelection.MoveFirstToFront(decodes[first..], budget - first);
            decodes = decodes[..Math.Max(0, budget)];
        }
        foreach (ref readonly var decode in decodes)
            plan.Decode.Add(decode.Index);
    }

    /// <summary>Moves overdue ones to the front, before reserved ones, so that these do not hold them up for ever.</summary>
    private static int KeepForOverdue(Span<RankedSequence> decodes, int most)
    {
        var overdue = 0;
        for (var i = 0; i < decodes.Length; i++)
        {
            if (decodes[i].Rank.Tier != RankTier.Aged)
                continue;
            (decodes[i], decodes[overdue]) = (decodes[overdue], decodes[i]);
            overdue++;
        }
        PartialSelection.MoveFirstToFront(decodes[..overdue], most);
        return Math.Max(0, Math.Min(overdue, most));
    }

    private void PlacePrefill(ReadOnlySpan<SequenceState> sequences, int budget, int? withOthers, int leftOverBudget, StepPlan plan)
    {
        if (budget <= 0 || draft.Prefills.Count == 0)
            return;
        draft.Prefills.Build();
        var before = PlaceOverduePrefill(sequences, ref budget, plan);
        while (budget > 0 && draft.Prefills.Count > 0)
        {
            var next = draft.Prefills.Pop();
            if (draft.Leaves(next.Index))
                continue;
            if (withOthers is { } all && next.Rank.Tier > RankTier.Reserved)
                budget = Math.Min(budget, all - (plan.Tokens - plan.Decode.Count));
            // These are the last in the heap.
            if (next.Rank.Tier >= leftOver)
                budget = Math.Min(budget, leftOverBudget);
            if (budget > 0 && next.Index == before)
                PlaceMore(sequences, ref budget, plan);
            else if (budget > 0)
                Place(sequences, next.Index, budget, ref budget, plan);
        }
    }

    /// <summary>While reserved prompts come first, the longest overdue one gets a part of the step all the same.</summary>
    private int PlaceOverduePrefill(ReadOnlySpan<SequenceState> sequences, ref int budget, StepPlan plan)
    {
        if (draft.Prefills.Top.Rank.Tier != RankTier.Reserved)
            return -1;
        RankedSequence? first = null;
        foreach (ref readonly var prefill in draft.Prefills.Items)
        {
            if (prefill.Rank.Tier == RankTier.Aged && !draft.Leaves(prefill.Index) && (first is null || prefill.CompareTo(first.Value) < 0))
                first = prefill;
        }
        if (first is not { } overdue)
            return -1;
        Place(sequences, overdue.Index, ReservationRule.LeftOf(budget), ref budget, plan);
        return overdue.Index;
    }

    /// <summary>What reserved prompts leave of the step goes to the overdue one that was placed before them.</summary>
    private static void PlaceMore(ReadOnlySpan<SequenceState> sequences, ref int budget, StepPlan plan)
    {
        var placed = plan.Prefill[0];
        var more = Math.Min(budget, sequences[placed.Sequence].PendingTokens - placed.Tokens);
        plan.Prefill[0] = placed with { Tokens = placed.Tokens + more };
        budget -= more;
    }

    private static void Place(ReadOnlySpan<SequenceState> sequences, int index, int most, ref int budget, StepPlan plan)
    {
        var tokens = Math.Min(most, sequences[index].PendingTokens);
        plan.Prefill.Add(new PrefillChunk(index, tokens));
        budget -= tokens;
    }
}
