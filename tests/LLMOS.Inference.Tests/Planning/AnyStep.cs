using CsCheck;
using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Planning;

/// <summary>Inputs of a step, of any kind that an engine could give.</summary>
internal static class AnyStep
{
    private static readonly Gen<SequenceState> Sequence =
        from phase in Gen.Enum<SequencePhase>()
        from residency in Gen.Enum<Residency>()
        from runnable in Gen.Frequency((5, Gen.Const(true)), (1, Gen.Const(false)))
        from held in Gen.Int[0, 300]
        from extra in Gen.Int[1, 300]
        from priority in Gen.Int[0, 19]
        from served in Gen.Int[0, 50]
        from virtualTime in Gen.Int[0, 200]
        from waited in Gen.Frequency((5, Gen.Long[0, 50]), (1, Gen.Long[0, 5000]))
        from generated in Gen.Int[0, 64]
        from reservation in Gen.Frequency((2, Gen.Const(0)), (1, Gen.Int[1, 500]))
        select new SequenceState
        {
            Phase = phase,
            Residency = phase is SequencePhase.Prefill or SequencePhase.Decode ? Residency.Resident : residency,
            Runnable = phase != SequencePhase.Idle && runnable,
            Class = SchedulingClass.Of(priority),
            Priority = priority,
            Weight = WeightTable.Of(priority),
            VirtualTime = virtualTime,
            WaitedSteps = waited,
            WaitedBeforeSwapIn = waited * 7 % 900,
            GeneratedSinceSwapIn = generated,
            PrefilledTokens = held,
            ReservationTokens = reservation,
            WindowService = virtualTime,
            TreeService = virtualTime * 13 % 1000,
            ReservedCells = phase == SequencePhase.Idle ? 0 : held + extra,
            HeldCells = residency == Residency.Cold && phase is SequencePhase.Idle or SequencePhase.Waiting ? 0 : held,
            PendingTokens = phase switch { SequencePhase.Idle => 0, SequencePhase.Decode => 1, _ => extra },
            LastServedStep = served,
        };

    public static Gen<SequenceState[]> Sequences { get; } = Gen.Select(Sequence.Array[0, 60], Gen.Int[1, 4]).Select((sequences, sets) =>
    {
        for (var i = 0; i < sequences.Length; i++)
        {
            var set = sequences[i].Phase == SequencePhase.Idle ? 0 : (i * 31) % 7 % sets;
            sequences[i] = sequences[i] with { Arrival = (i * 7919L) % 61, AdapterSet = set };
        }
        return sequences;
    });

    public static Gen<StepLimits> Limits { get; } = Gen.Select(Gen.Int[1, 256], Gen.Int[1, 256], Gen.Int[0, 2000], Gen.Int[0, 20], Gen.Int[0, 2000])
        .Select((step, prefill, cells, ids, host) => new StepLimits(step, prefill, cells, ids, host) { AppliedSet = (cells % 5) - 1, AppliedSteps = host % 6, Step = cells, LeftOverPrefillTokens = host % 40 });

    public static Gen<string> Policy { get; } = Gen.Int[0, StepPlanners.Names.Count - 1].Select(i => StepPlanners.Names[i]);
}
