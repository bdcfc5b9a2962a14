using LLMOS.Inference.Planning;

namespace LLMOS.Benchmarks.EngineSuite;

/// <summary>A planner that notes the longest wait that another's plans lead to, and what the documented bound depends on.</summary>
internal sealed class PlanMeter(IStepPlanner planner, PlannerOptions options) : IStepPlanner
{
    private readonly Lock _gate = new();
    private long _longestWait;
    private long _agingStep;
    private int _sequences;
    private int _resident;
    private StepLimits _limits;

    /// <summary>The most steps that a runnable sequence was without a token, or without its first one.</summary>
    public long LongestWait
    {
        get
        {
            lock (_gate)
                return _longestWait;
        }
    }

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        planner.Plan(sequences, limits, plan);
        var backlog = Backlog.Of(sequences, limits, options);
        lock (_gate)
        {
            _agingStep = Math.Max(_agingStep, backlog.AgingStep);
            _sequences = Math.Max(_sequences, backlog.Runnable);
            _limits = limits;
            var resident = 0;
            foreach (ref readonly var sequence in sequences)
            {
                resident += sequence.Residency == Residency.Resident ? 1 : 0;
                if (sequence.Phase != SequencePhase.Idle && sequence.Runnable)
                    _longestWait = Math.Max(_longestWait, sequence.WaitedSteps);
            }

            _resident = Math.Max(_resident, resident);
        }
    }

    /// <summary>The longest wait that docs/scheduling.md allows, of what was planned so far.</summary>
    /// <param name="priority">Of all sequences.</param>
    /// <param name="together">How many of them are certain to fit into the context at once.</param>
    /// <param name="cells">KV cells of the context.</param>
    public long Bound(int priority, int together, int cells)
    {
        lock (_gate)
        {
            return new WaitBound { AgingStep = _agingStep, Sequences = _sequences, Resident = _resident, Together = together, Cells = cells }
                .Of(priority, options, _limits);
        }
    }
}
