using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>What every plan keeps to, whatever the policy.</summary>
internal static class PlanRules
{
    public static void Check(SequenceState[] sequences, in StepLimits limits, StepPlan plan)
    {
        Assert.True(plan.Tokens <= limits.StepTokens, $"{plan.Tokens} tokens in a step of {limits.StepTokens}");
        var prefill = plan.Prefill.Sum(chunk => chunk.Tokens);
        if (plan.Decode.Any(index => !StandsBack(sequences, index, plan)))
            Assert.True(prefill <= limits.PrefillTokensBesideDecode);
        var (entering, leaving) = (plan.SwapIn.ToHashSet(), plan.SwapOut.Select(swap => swap.Sequence).ToHashSet());
        Assert.Equal(plan.SwapIn.Count, entering.Count);
        Assert.Equal(plan.SwapOut.Count, leaving.Count);
        Assert.False(entering.Overlaps(leaving));
        Assert.All(entering, index => Assert.Equal(SequencePhase.Waiting, sequences[index].Phase));
        Assert.All(leaving, index => Assert.Equal(Residency.Resident, sequences[index].Residency));
        Assert.All(plan.Decode, index => Assert.True(
            sequences[index] is { Runnable: true, PendingTokens: 1 } && (sequences[index].Phase == SequencePhase.Decode || entering.Contains(index))));
        Assert.All(plan.Prefill, chunk =>
        {
            Assert.InRange(chunk.Tokens, 1, sequences[chunk.Sequence].PendingTokens);
            Assert.True(sequences[chunk.Sequence].Runnable && (sequences[chunk.Sequence].Phase == SequencePhase.Prefill || entering.Contains(chunk.Sequence)));
        });
        var served = plan.Decode.Concat(plan.Prefill.Select(chunk => chunk.Sequence)).ToList();
        Assert.Equal(served.Count, served.Distinct().Count());
        Assert.All(served, index => Assert.DoesNotContain(index, leaving));
        Assert.True(served.Select(index => sequences[index].AdapterSet).Distinct().Count() <= 1, "a step has one adapter set");

        if (entering.Count > 0)
        {
            Assert.True(entering.Sum(index => CellsFor(sequences[index])) <= limits.FreeCells + leaving.Sum(index => CellsOf(sequences[index])));
            Assert.True(entering.Count(index => sequences[index].Residency != Residency.Resident) <= limits.FreeSequences + leaving.Count);
        }
        Assert.True(plan.SwapOut.Where(swap => swap.To == Residency.Swapped).Sum(swap => sequences[swap.Sequence].HeldCells) <= Math.Max(0, limits.FreeHostCells));
    }

    /// <summary>Whether a stream is so new that prompts which were there before it may fill the step.</summary>
    public static bool StandsBack(SequenceState[] sequences, int index, StepPlan plan) =>
        sequences[index].GeneratedSinceSwapIn <= BurstRule.NewStreamTokens
        && sequences.Where((sequence, i) => sequence.Phase == SequencePhase.Prefill || plan.SwapIn.Contains(i)).Any(sequence => sequence.WaitedSteps >= sequences[index].GeneratedSinceSwapIn);

    /// <summary>Cells that a waiting sequence needs beside those it holds.</summary>
    public static int CellsFor(in SequenceState sequence) =>
        sequence.ReservedCells - (sequence.Residency == Residency.Resident ? sequence.HeldCells : 0);

    /// <summary>Cells that a resident sequence's going frees.</summary>
    public static int CellsOf(in SequenceState sequence) =>
        sequence.Phase is SequencePhase.Prefill or SequencePhase.Decode ? sequence.ReservedCells : sequence.HeldCells;
}
