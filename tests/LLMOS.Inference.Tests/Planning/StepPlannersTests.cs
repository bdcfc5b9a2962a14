using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>What holds for every policy.</summary>
public sealed class StepPlannersTests
{
    public static TheoryData<string, int> NamesAndSets =>
    [
        .. StepPlanners.Names.SelectMany(name => new[] { 1, 3 }, (name, sets) => new TheoryDataRow<string, int>(name, sets)),
    ];

    [Fact]
    public void The_policies_have_names_and_another_is_refused_with_them()
    {
        Assert.Equal(["fair", "rr", "priority", "fcfs", "plas"], StepPlanners.Names);
        var exception = Assert.Throws<ArgumentException>(() => StepPlanners.Create("lottery"));
        Assert.Contains("'lottery': use fair, rr, priority, fcfs or plas", exception.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => StepPlanners.Create("fair", new PlannerOptions { Quantum = 0 }));
    }

    [Fact]
    public void A_plan_never_breaks_a_limit_and_refers_only_to_what_is_there() =>
        Gen.Select(AnyStep.Policy, AnyStep.Sequences, AnyStep.Limits).Sample((policy, sequences, limits) => PlanRules.Check(sequences, limits, Plan(policy, sequences, limits)));

    [Fact]
    public void The_same_input_gives_the_same_plan_whatever_was_planned_before() =>
        Gen.Select(AnyStep.Policy, AnyStep.Sequences, AnyStep.Limits, AnyStep.Sequences).Sample((policy, sequences, limits, others) =>
        {
            var (first, again) = (Plan(policy, sequences, limits), new StepPlan());
            var planner = StepPlanners.Create(policy);
            planner.Plan(others, limits, again);
            planner.Plan(sequences, limits, again);
            Assert.Equal(first.Decode, again.Decode);
            Assert.Equal(first.Prefill, again.Prefill);
            Assert.Equal(first.SwapIn, again.SwapIn);
            Assert.Equal(first.SwapOut, again.SwapOut);
        });

    /// <summary>
    /// As full as the work allows: no decode is left out while there are tokens, no prompt while the limit beside decode is not reached. Who has what the others leave is in <see cref="LeftOverRuleTests"/>.
    /// </summary>
    [Fact]
    public void A_step_is_as_full_as_the_work_and_the_limits_allow() =>
        Gen.Select(AnyStep.Policy, AnyStep.Sequences, AnyStep.Limits).Sample((policy, any, limits) =>
        {
            SequenceState[] sequences = [.. any.Select(sequence => sequence.Class == SequenceClass.Idle ? sequence with { Class = SequenceClass.Low, Priority = 15, Weight = WeightTable.Of(15) } : sequence)];
            var plan = Plan(policy, sequences, limits);
            var leaving = plan.SwapOut.Select(swap => swap.Sequence).ToHashSet();
            var stays = Enumerable.Range(0, sequences.Length).Where(i => sequences[i].Runnable && !leaving.Contains(i) && IsOfTheStep(plan, sequences, i)).ToList();
            var decodable = stays.Count(i => sequences[i].Phase == SequencePhase.Decode || (plan.SwapIn.Contains(i) && sequences[i].PendingTokens == 1));
            var pending = stays.Where(i => sequences[i].Phase == SequencePhase.Prefill || (plan.SwapIn.Contains(i) && sequences[i].PendingTokens > 1)).Sum(i => sequences[i].PendingTokens);
            var prefilled = plan.Prefill.Sum(chunk => chunk.Tokens);
            Assert.True(plan.Decode.Count == decodable || plan.Tokens == limits.StepTokens, $"{plan.Decode.Count} of {decodable} decodes in {plan.Tokens} of {limits.StepTokens} tokens");
            var room = limits.StepTokens - plan.Decode.Count;
            var least = Math.Min(plan.Decode.Count > 0 ? Math.Min(room, limits.PrefillTokensBesideDecode) : room, pending);
            Assert.True(prefilled == least || prefilled == Math.Min(room, pending), $"{prefilled} prompt tokens of {pending} in a room of {room}");
        });

    /// <summary>The overdue one is placed before a reserved prompt with a quarter of the step: a short reserved prompt leaves it the rest as well.</summary>
    [Theory]
    [InlineData(100, 300, 2, 98)]
    [InlineData(100, 300, 90, 25)]
    [InlineData(100, 40, 2, 40)]
    public void What_reserved_prompts_leave_goes_to_the_overdue_one(int room, int overdue, int reserved, int placed)
    {
        SequenceState[] sequences =
        [
            Prompt(SequenceClass.Normal, 10, overdue) with { WaitedSteps = 1_000_000 },
            Prompt(SequenceClass.Realtime, 0, reserved) with { ReservationTokens = 1000 },
        ];

        var plan = Plan("priority", sequences, new StepLimits(room, room, FreeCells: 0, FreeSequences: 0, FreeHostCells: 0));

        Assert.Equal([new PrefillChunk(0, placed), new PrefillChunk(1, Math.Min(reserved, room - Math.Min(overdue, (room + 3) / 4)))], plan.Prefill);

        static SequenceState Prompt(SequenceClass of, int priority, int tokens) => new()
        {
            Phase = SequencePhase.Prefill,
            Residency = Residency.Resident,
            Runnable = true,
            Class = of,
            Priority = priority,
            Weight = WeightTable.Of(priority),
            ReservedCells = 400,
            PendingTokens = tokens,
        };
    }

    /// <summary>Only prompts that are reserved or overdue take tokens that a decode could have had, and no more than a quarter of the step.</summary>
    [Fact]
    public void Decode_comes_before_prefill() =>
        Gen.Select(AnyStep.Policy, AnyStep.Sequences, AnyStep.Limits).Sample((policy, sequences, limits) =>
        {
            var calm = sequences.Select(sequence => sequence with { WaitedSteps = 0, WaitedBeforeSwapIn = 0, ReservationTokens = 0 }).ToArray();
            var plan = Plan(policy, calm, limits);
            var decodable = calm.Where((sequence, i) => sequence is { Runnable: true, Phase: SequencePhase.Decode } && IsOfTheStep(plan, calm, i) && plan.SwapOut.All(swap => swap.Sequence != i)).Count();
            if (plan.Decode.Count < decodable)
                Assert.Empty(plan.Prefill);
            var pressed = Plan(policy, sequences, limits);
            if (pressed.Decode.Count < limits.StepTokens && pressed.Tokens == limits.StepTokens)
                Assert.True(pressed.Prefill.Sum(chunk => chunk.Tokens) <= Math.Max((limits.StepTokens + 3) / 4, limits.StepTokens - pressed.Decode.Count));
        });

    /// <summary>Room that somebody could use is used, but for what is kept for one that is overdue or, in the order of arrival, first.</summary>
    [Fact]
    public void No_room_is_left_that_a_waiting_sequence_could_use() =>
        Gen.Select(AnyStep.Policy.Where(policy => policy != "fcfs"), AnyStep.Sequences, AnyStep.Limits).Sample((policy, sequences, limits) =>
        {
            var calm = sequences.Select(sequence => sequence with { WaitedSteps = sequence.WaitedSteps % 50 }).ToArray();
            var plan = Plan(policy, calm, limits);
            var leaving = plan.SwapOut.Select(swap => swap.Sequence).ToHashSet();
            var cells = limits.FreeCells + leaving.Sum(i => PlanRules.CellsOf(calm[i])) - plan.SwapIn.Sum(i => PlanRules.CellsFor(calm[i]));
            var ids = limits.FreeSequences + leaving.Count - plan.SwapIn.Count(i => calm[i].Residency != Residency.Resident);
            for (var i = 0; i < calm.Length; i++)
            {
                if (calm[i] is { Phase: SequencePhase.Waiting, Runnable: true } && !leaving.Contains(i) && !plan.SwapIn.Contains(i))
                    Assert.True(PlanRules.CellsFor(calm[i]) > cells || (calm[i].Residency != Residency.Resident && ids == 0), $"{i} could have had {cells} cells and {ids} ids");
            }
        });

    [Theory]
    [MemberData(nameof(NamesAndSets))]
    public void A_steady_step_allocates_nothing(string policy, int sets)
    {
        var planner = StepPlanners.Create(policy);
        var (sequences, plan) = (Thousand(), new StepPlan());
        for (var i = 0; i < sequences.Length; i++)
            sequences[i] = sequences[i] with { AdapterSet = i % sets };
        var limits = new StepLimits(512, 128, FreeCells: 0, FreeSequences: 0, FreeHostCells: 1_000_000);
        for (var i = 0; i < 100; i++)
            planner.Plan(sequences, limits, plan);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            planner.Plan(sequences, limits, plan);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEmpty(plan.Decode);
    }

    /// <summary>Whether a sequence has the adapter set that a plan computes; any has when it computes nothing.</summary>
    private static bool IsOfTheStep(StepPlan plan, SequenceState[] sequences, int index)
    {
        var served = plan.Decode.Count > 0 ? plan.Decode[0] : plan.Prefill.Count > 0 ? plan.Prefill[0].Sequence : -1;
        return served < 0 || sequences[served].AdapterSet == sequences[index].AdapterSet;
    }

    /// <summary>256 that run and 744 that wait.</summary>
    internal static SequenceState[] Thousand() => [.. Enumerable.Range(0, 1000).Select(i => new SequenceState
    {
        Phase = i >= 256 ? SequencePhase.Waiting : i % 8 == 0 ? SequencePhase.Prefill : SequencePhase.Decode,
        Residency = i >= 256 ? Residency.Swapped : Residency.Resident,
        Runnable = true,
        Class = SchedulingClass.Of(4 + (i % 16)),
        Priority = 4 + (i % 16),
        Weight = WeightTable.Of(4 + (i % 16)),
        VirtualTime = (i * 7919) % 1000,
        WaitedSteps = i >= 256 ? i % 50 : 0,
        GeneratedSinceSwapIn = i % 64,
        ReservedCells = 400,
        HeldCells = 200,
        PendingTokens = i < 256 && i % 8 == 0 ? 200 : 1,
        LastServedStep = 1000 - (i >= 256 ? i % 50 : 0),
        Arrival = i,
    })];

    private static StepPlan Plan(string policy, SequenceState[] sequences, in StepLimits limits)
    {
        var plan = new StepPlan();
        StepPlanners.Create(policy).Plan(sequences, limits, plan);
        return plan;
    }
}
