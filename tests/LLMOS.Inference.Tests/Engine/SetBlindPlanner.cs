using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>A planner that knows nothing of adapter sets, as one of somebody's own may.</summary>
internal sealed class SetBlindPlanner : IStepPlanner
{
    private readonly IStepPlanner _inner = StepPlanners.Create("fair");

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        var blind = sequences.ToArray();
        foreach (ref var sequence in blind.AsSpan())
            sequence = sequence with { AdapterSet = 0 };
        _inner.Plan(blind, limits, plan);
    }
}
