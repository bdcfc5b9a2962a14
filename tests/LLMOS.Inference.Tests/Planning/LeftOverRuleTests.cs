using CsCheck;
using LLMOS.Inference.Planning;
using LLMOS.Inference.Tests.Engine;

namespace LLMOS.Inference.Tests.Planning;

public sealed class LeftOverRuleTests
{
    private const int Idle = 19;
    private const int Normal = 10;
    private const int Realtime = 0;

    [Theory]
    [InlineData("fair")]
    [InlineData("priority")]
    public void The_step_that_computes_a_reserved_prompt_is_its_own(string policy)
    {
        var device = new PlannedDevice(StepPlanners.Create(policy), ids: 8, cells: 100_000);
        for (var i = 0; i < 5; i++)
            device.Add(prompt: 10, answer: 1_000, Idle);
        device.Add(prompt: 10, answer: 1_000, Normal);
        device.Run(20);
        Assert.Equal(6, device.LastPlan.Decode.Count);

        device.Add(prompt: 400, answer: 1_000, Idle);
        device.Add(prompt: 60, answer: 8, Realtime, reservation: 512);
        device.RunStep();
        Assert.Equal([5], device.LastPlan.Decode);
        Assert.Equal([new PrefillChunk(7, 60)], device.LastPlan.Prefill);

        device.RunStep();
        Assert.Equal(7, device.LastPlan.Decode.Count);
        Assert.Equal([new PrefillChunk(6, 128)], device.LastPlan.Prefill);
    }

    /// <summary>Decodes that stand back must not widen the step for other prompts: the reserved one waits for all that is in its step.</summary>
    [Theory]
    [InlineData(60, 68)]
    [InlineData(128, 0)]
    [InlineData(400, 0)]
    public void The_room_of_decodes_that_stand_back_is_for_the_reserved_prompt(int urgent, int beside)
    {
        var device = new PlannedDevice(StepPlanners.Create("fair"), ids: 8, cells: 100_000);
        for (var i = 0; i < 5; i++)
            device.Add(prompt: 10, answer: 1_000, Idle);
        device.Run(20);

        device.Add(prompt: 450, answer: 1_000, Normal);
        device.Add(prompt: urgent, answer: 8, Realtime, reservation: 512);
        device.RunStep();
        Assert.Empty(device.LastPlan.Decode);
        PrefillChunk[] expected = [new(6, urgent), .. beside > 0 ? [new PrefillChunk(5, beside)] : Array.Empty<PrefillChunk>()];
        Assert.Equal(expected, device.LastPlan.Prefill);
    }

    [Fact]
    public void Who_is_overdue_is_not_held_up()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair", new PlannerOptions { AgingSteps = 1 }), ids: 2, cells: 100_000);
        var idle = device.Add(prompt: 10, answer: 10_000, Idle);
        device.Run(3);
        var before = idle.Generated;
        Assert.Equal(3, before);
        for (var i = 0; i < 2_000; i++)
        {
            // One reserved prompt after the other, each in a step of its own.
            device.Add(prompt: 20, answer: 1, Realtime, reservation: 512);
            device.RunStep();
        }

        Assert.True(idle.Generated > before + 4, $"{idle.Generated - before} tokens in 2,000 steps");
    }

    [Fact]
    public void Prompts_that_have_what_is_left_are_computed_in_small_chunks_and_others_are_not()
    {
        var device = new PlannedDevice(StepPlanners.Create("fair"), ids: 8, cells: 100_000, leftOverPrefill: 32);
        for (var i = 0; i < 3; i++)
            device.Add(prompt: 100, answer: 1_000, Idle);
        device.RunStep();
        Assert.Equal(32, device.LastPlan.Prefill.Sum(chunk => chunk.Tokens));

        device.Add(prompt: 100, answer: 1_000, Normal);
        device.RunStep();
        Assert.Equal([new PrefillChunk(3, 100), new PrefillChunk(0, 32)], device.LastPlan.Prefill);
    }

    /// <summary>Policies that know no classes leave nobody over.</summary>
    [Theory]
    [InlineData("rr")]
    [InlineData("plas")]
    [InlineData("fcfs")]
    public void A_policy_without_classes_holds_nobody_back(string policy)
    {
        var device = new PlannedDevice(StepPlanners.Create(policy), ids: 8, cells: 100_000, leftOverPrefill: 32);
        device.Add(prompt: 100, answer: 1_000, Idle);
        device.RunStep();
        Assert.Equal(100, device.LastPlan.Prefill.Sum(chunk => chunk.Tokens));
        device.Add(prompt: 60, answer: 8, Realtime, reservation: 512);
        device.RunStep();
        Assert.Equal([0], device.LastPlan.Decode);
    }

    [Fact]
    public void A_chunk_takes_as_long_as_it_may_and_is_no_smaller_than_what_a_step_is_worth()
    {
        Assert.Equal(0, LeftOverRule.PrefillTokens(null, TimeSpan.FromMilliseconds(16)));
        Assert.Equal(160, LeftOverRule.PrefillTokens(10_000, TimeSpan.FromMilliseconds(16)));
        Assert.Equal(LeftOverRule.LeastTokens, LeftOverRule.PrefillTokens(100, TimeSpan.FromMilliseconds(16)));
        Assert.Equal(LeftOverRule.LeastTokens, LeftOverRule.PrefillTokens(1e6, TimeSpan.Zero));
        Assert.Equal(int.MaxValue, LeftOverRule.PrefillTokens(double.PositiveInfinity, TimeSpan.FromMilliseconds(16)));
    }

    [Fact]
    public async Task Chunks_are_small_where_a_realtime_request_may_come()
    {
        var planner = new ListeningPlanner(StepPlanners.Create("fair"));
        await using var engine = new LlamaCppEngine(TestModels.F32, Engines.Small with { Planner = planner });
        await AskAsync(Idle);
        await AskAsync(Normal);
        Assert.All(planner.Limits, limits => Assert.Equal(0, limits.LeftOverPrefillTokens));

        await AskAsync(Realtime);
        planner.Limits.Clear();
        await AskAsync(Idle);
        Assert.All(planner.Limits, limits => Assert.InRange(limits.LeftOverPrefillTokens, LeftOverRule.LeastTokens, int.MaxValue));

        Task AskAsync(int priority) => engine.Submit(Engines.Request(string.Concat(Enumerable.Repeat("a prompt of some length ", 10)), 4) with { Priority = priority }).Completion;
    }

    /// <summary>Decodes of IDLE wait for a prompt of REALTIME, and for nothing else while the step has room.</summary>
    [Fact]
    public void Idle_stands_back_for_realtime_alone() =>
        Gen.Select(AnyStep.Sequences, AnyStep.Limits).Sample((sequences, limits) =>
        {
            sequences = [.. sequences.Select(sequence => sequence with { AdapterSet = 0 })];
            var plan = new StepPlan();
            StepPlanners.Create("fair").Plan(sequences, limits, plan);
            var missing = Enumerable.Range(0, sequences.Length).Where(i =>
                sequences[i] is { Runnable: true, Phase: SequencePhase.Decode } && plan.SwapOut.All(swap => swap.Sequence != i) && !plan.Decode.Contains(i)).ToList();
            if (plan.Tokens == limits.StepTokens || missing.Count == 0)
                return;
            Assert.All(missing, i => Assert.Equal(SequenceClass.Idle, sequences[i].Class));
            Assert.Contains(plan.Prefill, chunk => sequences[chunk.Sequence].Class == SequenceClass.Realtime);
        }, iter: 2_000);

    /// <summary>Nothing stands still: a step leaves no work alone, as long as there is any that it could do.</summary>
    [Fact]
    public void No_step_is_empty_while_something_can_be_computed() =>
        Gen.Select(AnyStep.Sequences, AnyStep.Limits, AnyStep.Policy).Sample((sequences, limits, policy) =>
        {
            var plan = new StepPlan();
            StepPlanners.Create(policy).Plan(sequences, limits, plan);
            if (sequences.Any(sequence => sequence is { Runnable: true, Phase: SequencePhase.Prefill or SequencePhase.Decode, PendingTokens: > 0 }) && plan.SwapOut.Count == 0)
                Assert.True(plan.Tokens > 0);
        }, iter: 2_000);

    /// <summary>Notes what a step may use.</summary>
    private sealed class ListeningPlanner(IStepPlanner inner) : IStepPlanner
    {
        public List<StepLimits> Limits { get; } = [];

        public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
        {
            inner.Plan(sequences, limits, plan);
            if (plan.Tokens > 0)
                Limits.Add(limits);
        }
    }
}
