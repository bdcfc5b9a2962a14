using LLMOS.Benchmarks.Measuring;
using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>The processor time that planning a step takes, alone, with a thousand runnable sequences: 256 in the context and 744 that wait.</summary>
internal static class PlannerBenchmarks
{
    private const int Sequences = 1000;
    private const int Resident = 256;
    private const int Rounds = 15;

    /// <summary>Steps timed together; long enough that the clock does not count.</summary>
    private const int StepsInSample = 200;

    private static readonly StepLimits Full = new(StepTokens: 512, PrefillTokensBesideDecode: 128, FreeCells: 0, FreeSequences: 0, FreeHostCells: 1 << 20);

    public static async Task CompareAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        run.Say($"planner alone: {Sequences} runnable sequences");
        var steady = Input(quantumUsed: false);
        var rotating = Input(quantumUsed: true);
        foreach (var policy in StepPlanners.Names)
            await CompareAsync(run, $"planning a step, {policy}, nobody's quantum is used up", policy, steady, cancellationToken);
        await CompareAsync(run, $"planning a step, {StepPlanners.Default}, one quantum in eight is used up", StepPlanners.Default, rotating, cancellationToken);
        AddAllocation(run, steady);
    }

    private static async Task CompareAsync(SuiteRun run, string name, string policy, SequenceState[] sequences, CancellationToken cancellationToken)
    {
        var (planner, peer) = (StepPlanners.Create(policy), new RoundRobinStepPlanner());
        var samples = await Interleaved.RunAsync(
            Rounds, [_ => Task.FromResult(Microseconds(planner, sequences)), _ => Task.FromResult(Microseconds(peer, sequences))], cancellationToken);
        run.Add(new Row
        {
            Suite = EngineBenchmarks.Name,
            Name = name,
            Value = Statistics.Median(samples[0]),
            Unit = "µs",
            Peer = "a planner that preempts nobody",
            PeerValue = Statistics.Median(samples[1]),
            Ratio = Statistics.MedianRatio(samples[0], samples[1]),
            Goal = Goal.ValueUnder(100),
        });
    }

    private static double Microseconds(IStepPlanner planner, SequenceState[] sequences)
    {
        var plan = new StepPlan();
        var timer = WorkTimer.Start();
        for (var i = 0; i < StepsInSample; i++)
            planner.Plan(sequences, Full, plan);
        var took = timer.Stop().Processor; // Not of the wall: a neighbour's burst would be counted, and a step is short.
        if (plan.Decode.Count == 0)
            throw new BenchmarkException("A plan for a thousand runnable sequences decodes nothing: there is nothing to report.");
        return took.TotalMicroseconds / StepsInSample;
    }

    private static void AddAllocation(SuiteRun run, SequenceState[] sequences)
    {
        var (mine, peer) = (Bytes(StepPlanners.Create(StepPlanners.Default)), Bytes(new RoundRobinStepPlanner()));
        run.Add(new Row
        {
            Suite = EngineBenchmarks.Name,
            Name = $"memory allocated to plan a step, {StepPlanners.Default}",
            Value = mine,
            Unit = "bytes",
            Peer = "a planner that preempts nobody",
            PeerValue = peer,
            Ratio = peer == 0 ? 1 : mine / peer,
            Goal = Goal.ValueUnder(1),
        });

        double Bytes(IStepPlanner planner)
        {
            var plan = new StepPlan();
            for (var i = 0; i < StepsInSample; i++)
                planner.Plan(sequences, Full, plan);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < StepsInSample; i++)
                planner.Plan(sequences, Full, plan);
            return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / StepsInSample;
        }
    }

    private static SequenceState[] Input(bool quantumUsed) => [.. Enumerable.Range(0, Sequences).Select(i =>
    {
        var waits = i >= Resident;
        var prefills = !waits && i % 8 == 0;
        var priority = 4 + (i % 16);
        var rotates = quantumUsed && !waits && i % 8 == 1;
        return new SequenceState
        {
            Phase = waits ? SequencePhase.Waiting : prefills ? SequencePhase.Prefill : SequencePhase.Decode,
            Residency = waits ? Residency.Swapped : Residency.Resident,
            Runnable = true,
            Class = SchedulingClass.Of(priority),
            Priority = priority,
            Weight = WeightTable.Of(priority),
            VirtualTime = (waits || rotates ? 2000 : 1000) + (i * 7919 % 1000),
            WaitedSteps = waits ? i % 50 : 0,
            GeneratedSinceSwapIn = rotates ? 40 : i % 32,
            TreeService = i * 613 % 5000,
            ReservedCells = 400,
            HeldCells = 200,
            PendingTokens = prefills ? 200 : 1,
            LastServedStep = 1000 - (waits ? i % 50 : 0),
            Arrival = i,
        };
    })];
}
