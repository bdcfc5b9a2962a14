using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Swaps out whatever runs, every so many steps.</summary>
internal sealed class ChurningPlanner(int everySteps) : IStepPlanner
{
    private readonly RoundRobinStepPlanner _planner = new();
    private int _steps;

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan)
    {
        _planner.Plan(sequences, limits, plan);
        if (plan.Decode.Count == 0 || ++_steps % everySteps != 0)
            return;
        foreach (var index in plan.Decode)
            plan.SwapOut.Add(new SwapOut(index, Residency.Swapped));
        plan.Decode.Clear();
    }
}
