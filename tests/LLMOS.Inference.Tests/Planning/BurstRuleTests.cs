using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

public sealed class BurstRuleTests
{
    private static readonly StepLimits Limits = new(StepTokens: 512, PrefillTokensBesideDecode: 128, FreeCells: 0, FreeSequences: 0, FreeHostCells: 0);

    /// <summary>A stream of so many tokens, and a prompt that has waited for so many steps.</summary>
    [Theory]
    [InlineData(1, 1, 511)]
    [InlineData(4, 4, 511)]
    [InlineData(4, 9, 511)]
    [InlineData(4, 3, 128)]
    [InlineData(4, 0, 128)]
    [InlineData(8, 8, 511)]
    [InlineData(9, 20, 128)]
    public void A_prompt_fills_the_step_beside_streams_that_are_newer_than_it(int generated, int waited, int prefilled)
    {
        foreach (var policy in StepPlanners.Names)
        {
            var plan = new StepPlan();
            StepPlanners.Create(policy).Plan([Stream(generated), Prompt(waited)], Limits, plan);
            Assert.Equal([0], plan.Decode);
            Assert.Equal(prefilled, Assert.Single(plan.Prefill).Tokens);
        }
    }

    [Fact]
    public void One_stream_that_was_there_before_protects_the_step()
    {
        var plan = new StepPlan();
        StepPlanners.Create(StepPlanners.Default).Plan([Stream(2), Stream(100), Prompt(5)], Limits, plan);
        Assert.Equal(2, plan.Decode.Count);
        Assert.Equal(128, Assert.Single(plan.Prefill).Tokens);
    }

    private static SequenceState Stream(int generated) => Running(SequencePhase.Decode, pending: 1) with { GeneratedSinceSwapIn = generated };

    private static SequenceState Prompt(int waited) => Running(SequencePhase.Prefill, pending: 1000) with { WaitedSteps = waited };

    private static SequenceState Running(SequencePhase phase, int pending) => new()
    {
        Phase = phase,
        Residency = Residency.Resident,
        Runnable = true,
        Class = SequenceClass.Normal,
        Priority = 10,
        Weight = 1,
        PendingTokens = pending,
        ReservedCells = 1200,
        HeldCells = 100,
    };
}
