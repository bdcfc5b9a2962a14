using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>A planner that remembers the longest wait that it was told of, the bound of docs/scheduling.md for it, and whether a plan ever mixed adapter sets.</summary>
internal sealed class SetWatchingPlanner(IStepPlanner inner, PlannerOptions options, int cells, int resident) : IStepPlanner
{
    private long _agingStep;
    private int _most;

    public long LongestWait { get; private set; }

    public long Bound { get; private set; }

    public int MostSets { get; private set; }

    public bool Mixed { get; private set; }

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        inner.Plan(sequences, limits, plan);
        var backlog = Backlog.Of(sequences, limits, options);
        _agingStep = Math.Max(_agingStep, backlog.AgingStep);
        _most = Math.Max(_most, backlog.Runnable);
        MostSets = Math.Max(MostSets, backlog.Sets);
        foreach (var sequence in sequences)
            LongestWait = Math.Max(LongestWait, sequence.Runnable ? sequence.WaitedSteps : 0);
        var bound = new WaitBound { AgingStep = _agingStep, Sequences = _most, Resident = resident, Together = resident, Cells = cells, Sets = MostSets };
        Bound = Math.Max(Bound, bound.Of(SchedulingClass.DefaultPriority, options, limits));
        var set = -1;
        foreach (var index in plan.Decode.Concat(plan.Prefill.Select(chunk => chunk.Sequence)))
        {
            Mixed |= set >= 0 && sequences[index].AdapterSet != set;
            set = sequences[index].AdapterSet;
        }
    }
}
