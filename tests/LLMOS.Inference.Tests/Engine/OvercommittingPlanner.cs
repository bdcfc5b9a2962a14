using LLMOS.Inference.Planning;

namespace LLMOS.Inference.Tests.Engine;

/// <summary>Admits whoever asks, as if there were cells for all.</summary>
internal sealed class OvercommittingPlanner : IStepPlanner
{
    private readonly RoundRobinStepPlanner _planner = new();

    public void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan) =>
        _planner.Plan(sequences, limits with { FreeCells = 1_000_000 }, plan);
}
