using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

public sealed class RoundRobinStepPlannerTests
{
    private readonly RoundRobinStepPlanner _planner = new();

    private static readonly Gen<SequenceState> AnySequence = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Bool, Gen.Int[1, 300], Gen.Int[1, 300], Gen.Int[0, 50])
        .Select((phase, residency, runnable, held, extra, served) => (SequencePhase)phase switch
        {
            SequencePhase.Idle => State(SequencePhase.Idle, residency == 0 ? Residency.Swapped : (Residency)residency) with { HeldCells = held, LastServedStep = served },
            SequencePhase.Waiting => State(SequencePhase.Waiting, (Residency)residency) with
            {
                Runnable = runnable,
                HeldCells = residency == 0 ? 0 : held,
                ReservedCells = held + extra,
                PendingTokens = extra,
                LastServedStep = served,
            },
            SequencePhase.Prefill => State(SequencePhase.Prefill, Residency.Resident) with { Runnable = runnable, HeldCells = held, ReservedCells = held + extra, PendingTokens = extra, LastServedStep = served },
            _ => State(SequencePhase.Decode, Residency.Resident) with { Runnable = runnable, HeldCells = held, ReservedCells = held + extra, PendingTokens = 1, LastServedStep = served },
        });

    private static readonly Gen<SequenceState[]> AnySequences = AnySequence.Array[0, 40].Select(sequences =>
    {
        for (var i = 0; i < sequences.Length; i++)
            sequences[i] = sequences[i] with { Arrival = (i * 7919L) % 41 };
        return sequences;
    });

    private static readonly Gen<StepLimits> AnyLimits = Gen.Select(Gen.Int[1, 256], Gen.Int[1, 256], Gen.Int[0, 2000], Gen.Int[0, 20], Gen.Int[0, 500])
        .Select((step, prefill, cells, ids, host) => new StepLimits(step, prefill, cells, ids, host));

    [Fact]
    public void A_plan_never_breaks_a_limit_and_plans_only_what_is_there() => Gen.Select(AnySequences, AnyLimits).Sample((sequences, limits) =>
    {
        var plan = Plan(sequences, limits);
        Assert.True(plan.Tokens <= limits.StepTokens);
        if (plan.Decode.Count > 0)
            Assert.True(plan.Prefill.Sum(chunk => chunk.Tokens) <= limits.PrefillTokensBesideDecode);
        Assert.All(plan.Decode, index => Assert.True(sequences[index] is { Phase: SequencePhase.Decode, Runnable: true }));
        Assert.All(plan.Prefill, chunk =>
        {
            Assert.InRange(chunk.Tokens, 1, sequences[chunk.Sequence].PendingTokens);
            Assert.True(sequences[chunk.Sequence].Runnable);
            Assert.True(sequences[chunk.Sequence].Phase == SequencePhase.Prefill || plan.SwapIn.Contains(chunk.Sequence));
        });
        Assert.All(plan.SwapIn, index => Assert.Equal(SequencePhase.Waiting, sequences[index].Phase));
        Assert.All(plan.SwapOut, swap => Assert.True(sequences[swap.Sequence] is { Residency: Residency.Resident, Phase: SequencePhase.Idle or SequencePhase.Waiting }));
        var touched = plan.Decode.Concat(plan.Prefill.Select(chunk => chunk.Sequence)).ToList();
        Assert.Equal(touched.Distinct().Count(), touched.Count);
        Assert.Empty(plan.SwapOut.Select(swap => swap.Sequence).Intersect(plan.SwapIn));
    });

    [Fact]
    public void Swaps_never_take_more_cells_ids_or_host_memory_than_there_are() => Gen.Select(AnySequences, AnyLimits).Sample((sequences, limits) =>
    {
        var plan = Plan(sequences, limits);
        var freed = plan.SwapOut.Sum(swap => sequences[swap.Sequence].HeldCells);
        var taken = plan.SwapIn.Sum(index => sequences[index].ReservedCells - (sequences[index].Residency == Residency.Resident ? sequences[index].HeldCells : 0));
        Assert.True(taken <= limits.FreeCells + freed || plan.SwapIn.Count == 0);
        var ids = plan.SwapIn.Count(index => sequences[index].Residency != Residency.Resident);
        Assert.True(ids <= limits.FreeSequences + plan.SwapOut.Count);
        Assert.True(plan.SwapOut.Where(swap => swap.To == Residency.Swapped).Sum(swap => sequences[swap.Sequence].HeldCells) <= limits.FreeHostCells);
    });

    [Fact]
    public void A_step_is_as_full_as_the_work_and_the_limits_allow() => Gen.Select(AnySequences, AnyLimits).Sample((sequences, limits) =>
    {
        var plan = Plan(sequences, limits);
        var decodable = sequences.Count(sequence => sequence is { Phase: SequencePhase.Decode, Runnable: true });
        Assert.Equal(Math.Min(decodable, limits.StepTokens), plan.Decode.Count);
        var room = limits.StepTokens - plan.Decode.Count;
        if (plan.Decode.Count > 0)
            room = Math.Min(room, limits.PrefillTokensBesideDecode);
        var pending = sequences.Where((sequence, index) => sequence.Runnable && (sequence.Phase == SequencePhase.Prefill || plan.SwapIn.Contains(index))).Sum(sequence => sequence.PendingTokens);
        Assert.Equal(Math.Min(room, pending), plan.Prefill.Sum(chunk => chunk.Tokens));
    });

    [Fact]
    public void The_same_input_gives_the_same_plan() => Gen.Select(AnySequences, AnyLimits).Sample((sequences, limits) =>
    {
        var (first, second) = (Plan(sequences, limits), Plan(sequences, limits));
        Assert.Equal(first.Decode, second.Decode);
        Assert.Equal(first.Prefill, second.Prefill);
        Assert.Equal(first.SwapIn, second.SwapIn);
        Assert.Equal(first.SwapOut, second.SwapOut);
    });

    [Fact]
    public void A_request_is_never_passed_by_a_later_one() => Gen.Select(AnySequences, AnyLimits).Sample((sequences, limits) =>
    {
        var plan = Plan(sequences, limits);
        var left = Enumerable.Range(0, sequences.Length).Where(i => sequences[i].Phase == SequencePhase.Waiting && !plan.SwapIn.Contains(i)).ToList();
        if (left.Count > 0 && plan.SwapIn.Count > 0)
            Assert.True(plan.SwapIn.Max(i => sequences[i].Arrival) <= left.Min(i => sequences[i].Arrival));
    });

    /// <summary>However small the step, everyone is served within the number of turns that it takes to serve all.</summary>
    [Fact]
    public void Nobody_starves() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 16], Gen.Int[0, 60]).Sample((decoding, stepTokens, prefilling) =>
    {
        var sequences = Enumerable.Range(0, decoding + prefilling).Select(i => i < decoding
            ? State(SequencePhase.Decode, Residency.Resident) with { Runnable = true, PendingTokens = 1, Arrival = i }
            : State(SequencePhase.Prefill, Residency.Resident) with { Runnable = true, PendingTokens = 10_000, Arrival = i }).ToArray();
        var limits = new StepLimits(stepTokens, 4, 0, 0, 0);
        var lastServed = new long[sequences.Length];
        var bound = ((decoding + stepTokens - 1) / stepTokens) + (decoding % stepTokens == 0 ? 0 : 1);
        for (var step = 1; step <= 4 * (bound + prefilling + 1); step++)
        {
            var plan = Plan(sequences, limits);
            foreach (var index in plan.Decode.Concat(plan.Prefill.Select(chunk => chunk.Sequence)))
            {
                sequences[index] = sequences[index] with { LastServedStep = step };
                lastServed[index] = step;
            }
            for (var i = 0; i < decoding; i++)
                Assert.True(step - lastServed[i] <= bound, $"sequence {i} waited {step - lastServed[i]} steps of at most {bound}");
        }
        if (decoding < stepTokens)
            Assert.All(lastServed, served => Assert.True(served > 0));
    });

    [Fact]
    public void The_longest_unused_idle_sequences_make_room()
    {
        SequenceState[] sequences =
        [
            State(SequencePhase.Idle, Residency.Resident) with { HeldCells = 100, LastServedStep = 9 },
            State(SequencePhase.Idle, Residency.Resident) with { HeldCells = 100, LastServedStep = 3 },
            State(SequencePhase.Waiting, Residency.Cold) with { Runnable = true, ReservedCells = 150, PendingTokens = 50 },
        ];
        var plan = Plan(sequences, new StepLimits(512, 128, FreeCells: 60, FreeSequences: 1, FreeHostCells: 0));
        Assert.Equal([new SwapOut(1, Residency.Cold)], plan.SwapOut);
        Assert.Equal([2], plan.SwapIn);
        Assert.Equal([new PrefillChunk(2, 50)], plan.Prefill);
        Assert.Equal([new SwapOut(1, Residency.Swapped)], Plan(sequences, new StepLimits(512, 128, 60, 1, FreeHostCells: 100)).SwapOut);
    }

    [Fact]
    public void Retained_prefixes_and_lower_priorities_make_room_before_the_longest_unused()
    {
        var held = State(SequencePhase.Idle, Residency.Resident) with { HeldCells = 100, Class = SequenceClass.Normal, Priority = 10 };
        SequenceState[] sequences =
        [
            held with { LastServedStep = 1 },
            held with { LastServedStep = 2, Priority = 11 },
            held with { LastServedStep = 3, IsRetained = true },
            held with { LastServedStep = 4, NextUse = TimeSpan.FromSeconds(1) },
            State(SequencePhase.Waiting, Residency.Cold) with { Runnable = true, ReservedCells = 300, PendingTokens = 50 },
        ];
        var plan = Plan(sequences, new StepLimits(512, 128, FreeCells: 0, FreeSequences: 0, FreeHostCells: 0));
        Assert.Equal([2, 1, 0], plan.SwapOut.Select(swap => swap.Sequence));
    }

    [Fact]
    public void Nothing_is_swapped_out_for_a_request_that_does_not_fit_anyway()
    {
        SequenceState[] sequences =
        [
            State(SequencePhase.Idle, Residency.Resident) with { HeldCells = 100 },
            State(SequencePhase.Waiting, Residency.Cold) with { Runnable = true, ReservedCells = 150, PendingTokens = 50 },
        ];
        var plan = Plan(sequences, new StepLimits(512, 128, FreeCells: 40, FreeSequences: 1, FreeHostCells: 0));
        Assert.Empty(plan.SwapOut);
        Assert.Empty(plan.SwapIn);
    }

    private static SequenceState State(SequencePhase phase, Residency residency) => new() { Phase = phase, Residency = residency, Runnable = false, Weight = 1 };

    private StepPlan Plan(SequenceState[] sequences, in StepLimits limits)
    {
        var plan = new StepPlan();
        _planner.Plan(sequences, limits, plan);
        return plan;
    }
}
