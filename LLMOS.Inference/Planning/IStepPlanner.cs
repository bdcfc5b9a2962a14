namespace LLMOS.Inference.Planning;

/// <summary>
/// The scheduler's last mile: decides what the next step of an engine computes and whose KV stays. A pure function: the same input gives the same plan,
/// and nothing is remembered between calls, so that a simulator can run it.
/// </summary>
public interface IStepPlanner
{
    /// <summary>Plans one step.</summary>
    /// <param name="sequences">All sequences of the engine; the plan refers to them by index.</param>
    /// <param name="limits">What the step may use.</param>
    /// <param name="plan">Cleared and filled. A swapped-in sequence's tokens may be planned in the same step.</param>
    void Plan(ReadOnlySpan<SequenceState> sequences, in StepLimits limits, StepPlan plan);
}
