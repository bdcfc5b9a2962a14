using LLMOS.Benchmarks.EngineSuite;
using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.Tests;

public sealed class FairnessMeasuresTests
{
    private static readonly StepLimits Limits = new(StepTokens: 512, PrefillTokensBesideDecode: 128, FreeCells: 0, FreeSequences: 0, FreeHostCells: 1 << 10);

    [Fact]
    public void The_standing_is_taken_once_when_so_many_tokens_have_been_generated()
    {
        var tally = new ServiceTally(processes: 3, promptTokens: 10, at: 4);
        tally.Count(0);
        tally.Count(0);
        tally.Count(1);
        Assert.Null(tally.Standing);
        tally.Count(0);
        tally.Count(2);

        Assert.Equal([16.0, 12, 0], tally.Standing!);
        Assert.Equal(28.0 * 28 / (3 * 400), Statistics.Jain([.. tally.Standing!]), 12);
    }

    [Fact]
    public void The_longest_wait_is_that_of_those_who_could_run_and_the_bound_is_the_documented_one()
    {
        var options = new PlannerOptions();
        var meter = new PlanMeter(StepPlanners.Create("fair", options), options);
        var plan = new StepPlan();
        meter.Plan([Running(3), Waiting(40, runnable: true), Waiting(900, runnable: false)], Limits, plan);
        meter.Plan([Running(0), Waiting(41, runnable: true)], Limits, plan);

        Assert.Equal(41, meter.LongestWait);
        Assert.Single(plan.Decode);
        // α is 64, since two sequences with one place need no more than 2·32 steps; H = ⌈1/384⌉·32 + ⌈8192/128⌉ + 1 = 97.
        Assert.Equal((11 * 64) + (3 * 97), meter.Bound(priority: 10, together: 1, cells: 8192));
    }

    private static SequenceState Running(long waited) => new()
    {
        Phase = SequencePhase.Decode,
        Residency = Residency.Resident,
        Runnable = true,
        Class = SequenceClass.Normal,
        Priority = 10,
        Weight = 1,
        WaitedSteps = waited,
        PendingTokens = 1,
        ReservedCells = 100,
        HeldCells = 50,
    };

    private static SequenceState Waiting(long waited, bool runnable) => Running(waited) with
    {
        Phase = SequencePhase.Waiting,
        Residency = Residency.Swapped,
        Runnable = runnable,
        PendingTokens = 0,
        VirtualTime = 1000,
    };
}
